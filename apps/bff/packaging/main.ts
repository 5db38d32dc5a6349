import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeSums } from '@moru/packaging/sums';
import { readStamp } from '@moru/packaging/tree';
import { makeConsoleDeb, readConsolePackage } from './contents.ts';

/** Writes what is needed to install the console on a server into a folder: `npm run package -- bff`. */
const { values } = parseArgs({ options: { out: { type: 'string' } } });
const room = fileURLToPath(new URL('..', import.meta.url));
const folder = resolve(values.out ?? `${room}dist`);

const stamp = await readStamp(process.env, room);
await mkdir(folder, { recursive: true });
const made = [await makeConsoleDeb(await readConsolePackage(), stamp, folder)];
await writeSums(made, folder);
process.stdout.write(`${made.join('\n')}\n`);
