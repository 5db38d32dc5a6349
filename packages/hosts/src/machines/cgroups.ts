import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { firstLine, systemPath } from '../namespaces/run.ts';

const script = fileURLToPath(new URL('cgroups.sh', import.meta.url));
let made = 0;

/** The control group under which each machine of a driver has its own. */
export interface MachineGroup {
  name: string;
  /** ends what is still in it and takes it away */
  close(): Promise<void>;
}

/** Not tied to this process by death, on purpose: it cleans up after it (cgroups.sh). */
export async function machineGroup(): Promise<MachineGroup> {
  made += 1;
  const name = `moru-${process.pid}-${made}`;
  const child = spawn('unshare', ['--mount', 'sh', script, name], {
    env: { PATH: systemPath },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  child.stdin.on('error', () => {});
  await firstLine(child, 'ready', 'the control group of machines');
  return {
    name,
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.stdin.end();
      await ended;
    },
  };
}
