// `npm run bench` and `npm run chaos`: one harness for figures and for faults.
import { ensureDebianPackages, ensureSshServer } from './lib/debian.js';
import { ensurePackages, pinnedNode } from './lib/npm.js';
import { root, run, toolEnv } from './lib/run.js';

await ensurePackages();
await ensureDebianPackages(['iptables', 'iproute2', 'inotify-tools', 'curl']);
await ensureSshServer();
process.exit(
  await run(pinnedNode(), [`${root}tools/measure/main.ts`, ...process.argv.slice(2)], { env: toolEnv() }),
);
