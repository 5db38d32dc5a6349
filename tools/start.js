// `npm start`: installs what is missing, builds the console, starts the embedded installation.
import { spawn } from 'node:child_process';
import { buildConsole } from './lib/build.js';
import { ensureDebianPackages, ensureMachineTools, ensureSshServer } from './lib/debian.js';
import { ensurePackages, pinnedNode } from './lib/npm.js';
import { root, toolEnv } from './lib/run.js';

try {
  await ensurePackages();
  await ensureDebianPackages(['iptables', 'iproute2', 'inotify-tools']);
  await ensureSshServer();
  if (/--hosts[= ]machines/.test(process.argv.join(' '))) await ensureMachineTools();
  const node = pinnedNode();
  await buildConsole(node);
  startStack(node);
} catch (error) {
  console.error(`Moru did not start: ${error.message}`);
  process.exit(1);
}

function startStack(node) {
  // the channel tells the installation when this process is gone, however it went
  const stack = spawn(node, [`${root}packages/stack/src/main.ts`, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: toolEnv(),
  });
  // Ctrl-C in a terminal reaches the installation by itself; this process only waits for it
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) stack.kill('SIGINT');
  });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => stack.kill(signal));
  stack.once('exit', (code) => process.exit(code ?? 1));
}
