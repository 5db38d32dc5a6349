// Every file of a release in one folder; `npm run package` runs it once the console is built.
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeArchive, writeInstaller } from '../apps/agent/packaging/archive.ts';
import { readContents } from '../apps/agent/packaging/contents.ts';
import { makeDeb } from '../apps/agent/packaging/deb.ts';
import { makeConsoleDeb, readConsolePackage } from '../apps/bff/packaging/contents.ts';
import { root } from '../packages/packaging/src/bundle.ts';
import { writeSbom } from '../packages/packaging/src/sbom.ts';
import { writeSums } from '../packages/packaging/src/sums.ts';
import { readStamp } from '../packages/packaging/src/tree.ts';

const { values } = parseArgs({ options: { out: { type: 'string' } } });
const folder = resolve(values.out ?? join(root, 'dist/release'));
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
const programs = { 'moru-agent': 'apps/agent', 'moru-console': 'apps/bff', 'moru-pages': 'apps/console' };

const stamp = await readStamp(process.env, root);
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const agent = await readContents();
const made = [
  await makeDeb(agent, stamp, folder),
  await makeArchive(agent, stamp, folder),
  await writeInstaller(folder),
  await makeConsoleDeb(await readConsolePackage(), stamp, folder),
  await writeSbom({ version, programs }, stamp, folder),
];
made.push(await writeSums(made, folder));
process.stdout.write(`${made.join('\n')}\n`);
