// `npm start`: installs what is missing, builds the console, starts the embedded installation.
import { buildConsole } from './lib/build.js';
import { ensureDebianPackages, ensureMachineTools, ensureSshServer } from './lib/debian.js';
import { ensurePackages, pinnedNode } from './lib/npm.js';
import { startTied } from './lib/tied.js';

try {
  await ensurePackages();
  await ensureDebianPackages(['iptables', 'iproute2', 'inotify-tools']);
  await ensureSshServer();
  if (/--hosts[= ]machines/.test(process.argv.join(' '))) await ensureMachineTools();
  await buildConsole(pinnedNode());
  startTied('packages/stack/src/main.ts');
} catch (error) {
  console.error(`Moru did not start: ${error.message}`);
  process.exit(1);
}
