// `npm run flows`: the end-to-end flows alone, with Playwright's own options behind `--`.
// `--preflight` says what a run would change and ends; `--sweep` removes what earlier runs left.

import { ensurePackages, pinnedNode } from './lib/npm.js';
import prepareFlows from './lib/prepare-flows.js';
import { root, run, toolEnv } from './lib/run.js';

const given = process.argv.slice(2);
const args = given.filter((arg) => arg !== '--preflight' && arg !== '--sweep');

await ensurePackages();
if (given.includes('--sweep')) {
  process.exit(await run(pinnedNode(), [`${root}packages/flows/src/sweep.ts`, ...args], { env: toolEnv() }));
}
const preflight = given.includes('--preflight');
if (!preflight) await prepareFlows();
// Playwright empties its folder at every start, and what an earlier run recorded is not a preflight's to remove
const apart = { MORU_PREFLIGHT: '1', MORU_FLOWS_OUTPUT: `${root}.moru/flows-preflight` };
const env = { ...toolEnv(), MORU_FLOWS_PREPARED: '1', ...(preflight && apart) };
process.exit(
  await run(pinnedNode(), [`${root}node_modules/@playwright/test/cli.js`, 'test', ...args], { env }),
);
