// `npm run flows`: the end-to-end flows alone, with Playwright's own options behind `--`.
import { buildConsole } from './lib/build.js';
import { ensureDebianPackages, ensureSshServer } from './lib/debian.js';
import { ensurePackages, pinnedNode } from './lib/npm.js';
import { root, run, toolEnv } from './lib/run.js';

await ensurePackages();
await ensureDebianPackages(['iptables', 'iproute2', 'inotify-tools', 'curl', 'chromium', 'fonts-noto-cjk']);
await ensureSshServer();
const node = pinnedNode();
const env = toolEnv();
await buildConsole(node);
process.exit(
  await run(node, [`${root}node_modules/@playwright/test/cli.js`, 'test', ...process.argv.slice(2)], { env }),
);
