import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeSums } from '@moru/packaging/sums';
import { readStamp } from '@moru/packaging/tree';
import { makeArchive, writeInstaller } from './archive.ts';
import { readContents } from './contents.ts';
import { makeDeb } from './deb.ts';

/** Writes what is needed to install the agent on a host into a folder, and says where: `npm run package -- agent`. */
const { values } = parseArgs({ options: { out: { type: 'string' } } });
const room = fileURLToPath(new URL('..', import.meta.url));
const folder = resolve(values.out ?? `${room}dist`);

const contents = await readContents();
const stamp = await readStamp(process.env, room);
await mkdir(folder, { recursive: true });
const made = [
  await makeDeb(contents, stamp, folder),
  await makeArchive(contents, stamp, folder),
  await writeInstaller(folder),
];
await writeSums(made, folder);
process.stdout.write(`${made.join('\n')}\n`);
