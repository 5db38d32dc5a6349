import { type ChildProcess, execFile, spawn } from 'node:child_process';

/** The only places where system programs are looked for. */
export const systemPath = '/usr/sbin:/usr/bin:/sbin:/bin';

const maximumOutputBytes = 1024 * 1024;

/** Runs a system program to its end and answers its output; the error carries what it wrote to stderr. */
export function run(program: string, args: string[], input = '', timeoutMs = 10_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { env: { PATH: systemPath }, timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: maximumOutputBytes },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`${stderr.trim() || error.message} (${program} ${args.join(' ')})`));
        else resolve(stdout);
      },
    );
    // a program that ends before it has read everything reports that by its exit code
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** Runs a program in the network namespace of a process. */
export function runInNetwork(pid: number, program: string, args: string[], input = ''): Promise<string> {
  return run('nsenter', ['-t', String(pid), '-n', program, ...args], input);
}

/** Runs a program as somebody logged in to the host would: in all of its namespaces. */
export function runInHost(
  pid: number,
  program: string,
  args: string[],
  input = '',
  timeoutMs?: number,
): Promise<string> {
  const spaces = ['-t', String(pid), '-n', '-m', '-u', `--pid=/proc/${pid}/ns/pid_for_children`];
  return run('nsenter', [...spaces, program, ...args], input, timeoutMs);
}

/**
 * Command that starts a program which the kernel kills as soon as the process that started it is gone,
 * SIGKILL included. It is what keeps a killed installation from leaving namespaces behind.
 */
export function tied(program: string, args: string[]): { program: string; args: string[] } {
  return { program: 'setpriv', args: ['--pdeathsig', 'KILL', program, ...args] };
}

/** Starts an empty network namespace; it lives as long as the process that this returns. */
export async function holdNetwork(): Promise<ChildProcess & { pid: number }> {
  const { program, args } = tied('unshare', ['--net', 'sh', '-c', 'echo ready; exec sleep infinity']);
  const child = spawn(program, args, {
    env: { PATH: systemPath },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a session of its own: Ctrl-C in the terminal is for the installation alone
  });
  await firstLine(child, 'ready', 'the network namespace');
  return child as ChildProcess & { pid: number };
}

/** Waits until the child says `line` on stdout; rejects with its stderr when it ends first. */
export function firstLine(
  child: ChildProcess,
  line: string,
  what: string,
  timeoutMs = 10_000,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    let errors = '';
    const finish = (error?: Error) => {
      clearTimeout(timer);
      child.removeListener('exit', onExit);
      if (error) reject(error);
      else resolve();
    };
    const onExit = () => finish(new Error(`${what} ended at once: ${errors.trim()}`));
    const timer = setTimeout(
      () => finish(new Error(`${what} was not ready in ${timeoutMs} ms: ${errors.trim()}`)),
      timeoutMs,
    );
    child.once('exit', onExit);
    child.once('error', finish);
    child.stderr?.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-4096);
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4096);
      if (output.split('\n').includes(line)) finish();
    });
  });
}

/** Ends a child and everything tied to it; resolves when it is gone. */
export function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}
