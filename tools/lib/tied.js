import { spawn } from 'node:child_process';
import { pinnedNode } from './npm.js';
import { root, toolEnv } from './run.js';

/** Runs one of our programs in the foreground with this one's arguments; each ends when the other does. */
export function startTied(script) {
  // the channel tells the program when this process is gone, however it went
  const program = spawn(pinnedNode(), [root + script, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: toolEnv(),
  });
  // Ctrl-C in a terminal reaches the program by itself; this process only waits for it
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) program.kill('SIGINT');
  });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => program.kill(signal));
  program.once('exit', (code) => process.exit(code ?? 1));
}
