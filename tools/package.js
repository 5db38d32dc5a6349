// `npm run package [-- --out FOLDER]`: every file of a release, without the network.
// `npm run package -- agent` or `-- bff` makes that one alone.
import { existsSync } from 'node:fs';
import { buildConsole } from './lib/build.js';
import { ensurePackages, pinnedNode } from './lib/npm.js';
import { root, run, toolEnv } from './lib/run.js';

const given = process.argv.slice(2);
const [name, ...rest] = given[0]?.startsWith('-') ? [undefined, ...given] : given;
const recipe = name === undefined ? `${root}tools/release.ts` : `${root}apps/${name}/packaging/main.ts`;

if (!existsSync(recipe)) {
  console.error('Usage: npm run package -- [agent | bff] [--out FOLDER]');
  process.exit(2);
}
await ensurePackages();
if (name !== 'agent') await buildConsole(pinnedNode());
process.exit(await run(pinnedNode(), [recipe, ...rest], { cwd: process.cwd(), env: toolEnv() }));
