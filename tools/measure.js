// `npm run bench` and `npm run chaos`: one harness for figures and for faults.
import { buildConsole } from './lib/build.js';
import { ensureDebianPackages, ensureFaultTools, ensureSshServer } from './lib/debian.js';
import { ensurePackages, pinnedNode } from './lib/npm.js';
import { root, run, toolEnv } from './lib/run.js';

await ensurePackages();
await ensureDebianPackages(['iptables', 'iproute2', 'inotify-tools', 'curl', 'python3', 'chromium']);
await ensureSshServer();
await ensureFaultTools();
const node = pinnedNode();
await buildConsole(node);
process.exit(await run(node, [`${root}tools/measure/main.ts`, ...process.argv.slice(2)], { env: toolEnv() }));
