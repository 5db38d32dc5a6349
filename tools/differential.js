// `npm run differential -- --rulesets 5000 [--seed N] [--packets 500] [--backend nft]`: the model of iptables against the
// kernel, for as long as one likes.
import { ensureDebianPackages } from './lib/debian.js';
import { ensurePackages, pinnedNode } from './lib/npm.js';
import { root, run, toolEnv } from './lib/run.js';

await ensurePackages();
await ensureDebianPackages(['iptables', 'iproute2', 'python3']);
const script = `${root}packages/netfilter/src/evaluate/testing/differential.ts`;
process.exit(await run(pinnedNode(), [script, ...process.argv.slice(2)], { env: toolEnv() }));
