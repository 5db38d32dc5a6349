import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { openLog } from '@moru/hosts';

export interface ProcessSpec {
  name: string;
  program: string;
  args: string[];
  env: Record<string, string>;
}

export interface SupervisedProcess {
  readonly name: string;
  pid(): number | undefined;
  stop(): Promise<void>;
}

interface SupervisorOptions {
  logFolder: string;
  started(name: string, pid: number | undefined): void;
  /** told once per unexpected end, with the delay until the next start */
  ended(name: string, how: string, restartMs: number): void;
}

/** Grows up to the bound while a process keeps failing; a run of this length counts as healthy again. */
const restartMs = { first: 200, most: 5_000, healthyAfter: 10_000 };
const stopMs = 5_000;

/** Starts a process, writes its output to `NAME.log`, and starts it again whenever it ends by itself. */
export function supervise(spec: ProcessSpec, options: SupervisorOptions): SupervisedProcess {
  const log = openLog(join(options.logFolder, `${spec.name}.log`));
  let child: ChildProcess | undefined;
  let stopping = false;
  let delay = restartMs.first;
  let timer: NodeJS.Timeout | undefined;

  const start = () => {
    const startedAt = performance.now();
    // a session of its own: Ctrl-C in the terminal is for the installation, which then stops in order
    child = spawn(spec.program, spec.args, {
      env: spec.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    child.stdout?.on('data', log.write);
    child.stderr?.on('data', log.write);
    options.started(spec.name, child.pid);
    let settled = false;
    const onEnd = (how: string) => {
      if (settled) return;
      settled = true;
      child = undefined;
      if (stopping) return;
      delay =
        performance.now() - startedAt > restartMs.healthyAfter
          ? restartMs.first
          : Math.min(delay * 2, restartMs.most);
      options.ended(spec.name, how, delay);
      timer = setTimeout(start, delay);
    };
    child.once('error', (error) => onEnd(error.message));
    child.once('exit', (code, signal) => onEnd(signal ? `signal ${signal}` : `exit code ${code}`));
  };
  start();

  return {
    name: spec.name,
    pid: () => child?.pid,
    async stop() {
      stopping = true;
      clearTimeout(timer);
      const last = child;
      if (last) {
        const ended = new Promise<void>((resolve) => last.once('exit', () => resolve()));
        last.kill('SIGTERM');
        const killer = setTimeout(() => last.kill('SIGKILL'), stopMs);
        await ended;
        clearTimeout(killer);
      }
      log.close();
    },
  };
}
