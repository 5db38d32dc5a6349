import { spawnChild, takeReady } from './standby.ts';

export interface Limits {
  /** after this the child is killed and `timedOut` set */
  timeoutMs: number;
  /** bytes kept of stdout; the rest is read and dropped, and `truncated` set */
  maxBytes: number;
  /** gets stdout as it comes, in place of the outcome, however much it is */
  sink?: (chunk: Buffer) => void;
}

export interface Outcome {
  /** null when the child was ended by a signal, or given up before its end was seen */
  exitCode: number | null;
  stdout: string;
  stderr: string;
  truncated: boolean;
  timedOut: boolean;
}

export interface RunningChild {
  pid: number;
  write(text: string): void;
  end(text?: string): void;
  kill(): void;
  /** settles when the child is gone; never rejects */
  outcome: Promise<Outcome>;
  /** true once the child is gone */
  readonly ended: boolean;
}

/** A program that is not there or may not be run. */
export class ProgramMissing extends Error {
  constructor(program: string, cause: unknown) {
    super(`${program} cannot be started`, { cause });
    this.name = 'ProgramMissing';
  }
}

const maxErrorBytes = 16 * 1024;

/** Keeps the first `limit` bytes of a stream, unless there is somebody to take all of them. */
function keep(stream: NodeJS.ReadableStream, limit: number, sink?: Limits['sink']) {
  const chunks: Buffer[] = [];
  let room = limit;
  let truncated = false;
  stream.on('data', (chunk: Buffer) => {
    if (sink) return sink(chunk);
    if (chunk.length > room) truncated = true;
    if (room > 0) chunks.push(chunk.subarray(0, room));
    room = Math.max(0, room - chunk.length);
  });
  return { text: () => Buffer.concat(chunks).toString('utf8'), truncated: () => truncated };
}

/**
 * Starts a program by its absolute path: no shell, arguments as an array, an environment of PATH only.
 * Throws ProgramMissing.
 */
export async function startProgram(
  program: string,
  args: readonly string[],
  limits: Limits,
): Promise<RunningChild> {
  const ready = takeReady([program, ...args]);
  const child = ready ?? spawnChild(program, args);
  const stdout = keep(child.stdout, limits.maxBytes, limits.sink);
  const stderr = keep(child.stderr, maxErrorBytes);
  // a child that ends early closes its stdin; its exit code tells what happened, not the EPIPE
  child.stdin.on('error', () => {});

  let ended = false;
  let timedOut = false;
  const outcome = new Promise<Outcome>((resolve) => {
    child.once('close', (exitCode) => {
      ended = true;
      resolve({
        // it may have ended by itself meanwhile, but what it said was not read to its end
        exitCode: timedOut ? null : exitCode,
        stdout: stdout.text(),
        stderr: stderr.text(),
        truncated: stdout.truncated(),
        timedOut,
      });
    });
  });
  if (!ready) {
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => reject(new ProgramMissing(program, error)));
    });
  }

  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
    // a grandchild may still hold the other ends open
    child.stdout.destroy();
    child.stderr.destroy();
  }, limits.timeoutMs);
  outcome.finally(() => clearTimeout(timer));

  return {
    pid: child.pid ?? 0,
    write: (text) => child.stdin.write(text),
    end: (text) => (text === undefined ? child.stdin.end() : child.stdin.end(text)),
    kill: () => child.kill('SIGKILL'),
    outcome,
    get ended() {
      return ended;
    },
  };
}

/** Runs a program to its end, with `input` on its stdin in one write. Throws ProgramMissing. */
export async function runProgram(
  program: string,
  args: readonly string[],
  limits: Limits,
  input?: string,
): Promise<Outcome> {
  const child = await startProgram(program, args, limits);
  child.end(input);
  return child.outcome;
}
