// `npm run package -- agent [--out FOLDER]`: builds what is installed elsewhere, without the network.
import { existsSync } from 'node:fs';
import { ensurePackages, pinnedNode } from './lib/npm.js';
import { root, run, toolEnv } from './lib/run.js';

const [name = '', ...rest] = process.argv.slice(2);
const recipe = `${root}apps/${name}/packaging/main.ts`;

if (!/^[a-z]+$/.test(name) || !existsSync(recipe)) {
  console.error('Usage: npm run package -- agent [--out FOLDER]');
  process.exit(2);
}
await ensurePackages();
process.exit(await run(pinnedNode(), [recipe, ...rest], { cwd: process.cwd(), env: toolEnv() }));
