import { buildConsole } from './build.js';
import { ensureDebianPackages, ensureSshServer } from './debian.js';
import { ensurePackages, pinnedNode } from './npm.js';

/** What flows need before they start; against an installation that is there already, a browser alone. */
export default async function prepareFlows() {
  // `npm test` and `npm run flows` have done it
  if (process.env.MORU_FLOWS_PREPARED === '1') return;
  await ensurePackages();
  await ensureDebianPackages(['chromium', 'fonts-noto-cjk', 'curl']);
  if (process.env.BASE_URL) return;
  await ensureDebianPackages(['iptables', 'iproute2', 'inotify-tools']);
  await ensureSshServer();
  await buildConsole(pinnedNode());
}
