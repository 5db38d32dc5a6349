// `npm run flows`: the end-to-end flows alone, with Playwright's own options behind `--`.
import { ensureDebianPackages, ensureUnpacked } from './lib/debian.js';
import { ensurePackages, pinnedNode } from './lib/npm.js';
import { mustRun, root, run, toolEnv } from './lib/run.js';

await ensurePackages();
await ensureDebianPackages(['iptables', 'iproute2', 'curl', 'chromium', 'fonts-noto-cjk']);
await ensureUnpacked('openssh-server', ['libwrap0']);
const node = pinnedNode();
const env = toolEnv();
await mustRun(
  'building the console',
  node,
  [
    `${root}node_modules/turbo/bin/turbo`,
    'run',
    'build',
    '--output-logs=errors-only',
    '--no-update-notifier',
  ],
  { env },
);
process.exit(
  await run(node, [`${root}node_modules/@playwright/test/cli.js`, 'test', ...process.argv.slice(2)], { env }),
);
