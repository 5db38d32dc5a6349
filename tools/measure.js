// `npm run bench` and `npm run chaos`: one harness for figures and for faults.
import { ensureDebianPackages, ensureFaultTools, ensureSshServer } from './lib/debian.js';
import { ensurePackages, pinnedNode } from './lib/npm.js';
import { root, run, toolEnv } from './lib/run.js';

await ensurePackages();
await ensureDebianPackages(['iptables', 'iproute2', 'inotify-tools', 'curl', 'python3']);
await ensureSshServer();
await ensureFaultTools();
process.exit(
  await run(pinnedNode(), [`${root}tools/measure/main.ts`, ...process.argv.slice(2)], { env: toolEnv() }),
);
