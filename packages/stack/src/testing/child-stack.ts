import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
/** What an installation allows itself until it is ready, with room for its processes to start. */
const readyMs = 150_000;

/** An installation in a process of its own, so that a test can kill it. */
export interface ChildStack {
  process: ChildProcess;
  url: string;
  output(): string;
  /** sends the signal and waits for the end; answers the exit code, or the signal that ended it */
  end(signal: NodeJS.Signals): Promise<number | string>;
}

export async function childStack(args: string[], command: string[] = []): Promise<ChildStack> {
  const [program = process.execPath, ...rest] = [...command, process.execPath, main, ...args];
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGTERM');
      reject(new Error(`no address in ${readyMs} ms: ${output}`));
    }, readyMs);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const found = /Moru is ready.*?(http:\/\/127\.0\.0\.1:\d+)/.exec(output)?.[1];
      if (!found) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => {
      clearTimeout(timer);
      reject(new Error(`the installation ended: ${output}`));
    });
  });
  return {
    process: child,
    url,
    output: () => output,
    end: (signal) =>
      new Promise((resolve) => {
        child.once('exit', (code, by) => resolve(code ?? by ?? 'unknown'));
        child.kill(signal);
      }),
  };
}
