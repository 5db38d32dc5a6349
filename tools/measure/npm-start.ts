import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readyMs = 120_000;

/** An installation started the way a user starts it. */
export interface StartedByNpm {
  process: ChildProcess;
  url: string;
  /** from the command to the printed address */
  seconds: number;
  /** process id of the stack itself, which holds everything else */
  stackPid: number;
  stop(): Promise<void>;
}

export async function npmStart(name: string, extra: string[] = []): Promise<StartedByNpm> {
  const startedAt = performance.now();
  const child = spawn('npm', ['start', '--', '--name', name, '--port', '0', ...extra], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await printedAddress(child);
  const seconds = (performance.now() - startedAt) / 1_000;
  const record = JSON.parse(readFileSync(`${root}.moru/${name}/run.json`, 'utf8')) as {
    stack: { pid: number };
  };
  return {
    process: child,
    url,
    seconds,
    stackPid: record.stack.pid,
    async stop() {
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      process.kill(record.stack.pid, 'SIGTERM');
      await ended;
    },
  };
}

export function removeInstallation(name: string): void {
  rmSync(`${root}.moru/${name}`, { recursive: true, force: true });
}

function printedAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`npm start printed no address in ${readyMs / 1_000} s:\n${output}`));
    }, readyMs);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const url = /Moru is ready.*?(http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
      if (!url) return;
      clearTimeout(timer);
      resolve(url);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`npm start ended with ${code}:\n${output}`));
    });
  });
}
