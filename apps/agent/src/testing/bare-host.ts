import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { identityOf } from '../process/identity.ts';
import { childOf, stop, untilSaid } from './processes.ts';
import { until } from './until.ts';

export type TestBackend = 'legacy' | 'nft';

export interface CommandResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** How long the kernel may take to clear away what is left of a host that is off. */
const goneMs = 20_000;

/**
 * A host of its own network, mount and process namespace, with no rules and no agent yet. Its /etc is a tmpfs of its
 * own, or lies on `disk`, which outlives it: a folder, or an image of ext4.
 */
export async function startBareHost(backend: TestBackend, disk = '') {
  const spaces = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const init = join(import.meta.dirname, 'host-init.sh');
  const keeper = spawn('unshare', [...spaces, 'sh', init, backend, disk], { stdio: 'pipe' });
  await untilSaid(keeper, 'ready\n');
  const pid = await childOf(keeper.pid ?? 0);
  const enter = ['-t', String(pid), '--net', '--mount', '--pid', '--'];

  return {
    pid,
    enter,
    /** Runs a program on the host. */
    run: (program: string, args: string[], input?: string): Promise<CommandResult> =>
      new Promise((resolve, reject) => {
        const child = execFile('nsenter', [...enter, program, ...args], (error, stdout, stderr) => {
          if (error && typeof error.code !== 'number') reject(error);
          else resolve({ exitCode: Number(error?.code ?? 0), stdout, stderr });
        });
        child.stdin?.end(input);
      }),
    /** Starts a program on the host that stays until it is killed or its stdin ends. */
    start: (program: string, args: string[]): ChildProcess =>
      spawn('nsenter', [...enter, program, ...args], { stdio: 'pipe' }),
    /** Ends everything on it at once, as a loss of power does. */
    stop: async () => {
      await stop(keeper);
      // the disk is free for the next boot once process 1 is gone
      await until(goneMs, async () => identityOf(pid) === null);
    },
  };
}

export type BareHost = Awaited<ReturnType<typeof startBareHost>>;
