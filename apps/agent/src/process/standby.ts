import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { findProgram, programFolders, programPrint } from './find.ts';

/** A program by its absolute path, with its arguments. */
export type Command = readonly [program: string, ...args: string[]];

type Child = ChildProcessWithoutNullStreams;

interface Waiting {
  child: Child;
  /** of its program's file */
  print: string;
}

/** The whole environment of every child. */
const environment = { PATH: programFolders.join(':') };

export const spawnChild = (program: string, args: readonly string[]): Child =>
  spawn(program, args, { env: environment, cwd: '/', stdio: 'pipe' });

/**
 * `read` takes its line byte by byte, so that what follows on stdin is the program's; it fails where we are gone, and
 * nothing runs. What a shell adds to the environment is taken out of it. The text is always this one and the command is the
 * agent's own: no data meets the shell.
 */
const waitForWord = 'read -r word && unset word PWD OLDPWD SHLVL && exec "$@"';

/** Nobody is about to change a host that long after the last look at its rules. */
const keptMs = 10 * 60_000;
/** Between two starts, for each holds every request up for some milliseconds. */
const pauseMs = 5;

const waiting = new Map<string, Waiting[]>();
let kept: readonly Command[] = [];
let expiry: NodeJS.Timeout | null = null;
/** Of the last call that fills, for only one does. */
let round = 0;

const keyOf = (command: Command) => command.join('\0');

/**
 * Has these commands ready, each as often as it is listed, for `takeReady`. To start a program is to copy the page
 * tables of this process, 2 to 4 ms in which nothing else happens here, and a trial starts ten: they are started while
 * nobody waits. Their arguments must be the same at each time, without anything that came from elsewhere.
 */
export function keepReady(commands: readonly Command[]): void {
  kept = commands;
  if (expiry) clearTimeout(expiry);
  expiry = setTimeout(dropReady, keptMs).unref();
  refillReady();
}

/** Makes up for what was taken since. */
export function refillReady(): void {
  round += 1;
  void fill(kept, round);
}

async function fill(commands: readonly Command[], ours: number): Promise<void> {
  const shell = findProgram('sh');
  const counts = new Map<string, number>();
  for (const command of commands) {
    const key = keyOf(command);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (!shell || (waiting.get(key)?.length ?? 0) >= count) continue;
    await delay(pauseMs, null, { ref: false });
    // somebody needs the programs by now, or has others made ready
    if (round !== ours || !(await startWaiting(shell, command))) return;
  }
}

/** False where no process can be started: whoever needs the program will start it, and say so. */
async function startWaiting(shell: string, command: Command): Promise<boolean> {
  const key = keyOf(command);
  const print = printOf(command);
  if (print === null) return true;
  const child = spawnChild(shell, ['-c', waitForWord, 'sh', ...command]);
  const started = await new Promise<boolean>((resolve) => {
    child.once('spawn', () => resolve(true));
    child.once('error', () => resolve(false));
  });
  if (!started) return false;
  hold(child, false);
  child.stdin.on('error', () => {});
  child.once('exit', () => forget(key, child));
  waiting.set(key, [...(waiting.get(key) ?? []), { child, print }]);
  return true;
}

function forget(key: string, child: Child): void {
  waiting.set(
    key,
    (waiting.get(key) ?? []).filter((each) => each.child !== child),
  );
}

function printOf([program]: Command): string | null {
  try {
    return programPrint(program);
  } catch {
    return null;
  }
}

/** Whether it keeps this process from ending by itself. */
function hold(child: Child, held: boolean): void {
  const act = held ? 'ref' : 'unref';
  child[act]();
  for (const stream of child.stdio) (stream as { ref?(): void; unref?(): void } | null)?.[act]?.();
}

/** One that was kept ready for the command and has just been told to run it; null where there is none. */
export function takeReady(command: Command): Child | null {
  const key = keyOf(command);
  const [found] = waiting.get(key) ?? [];
  if (!found) return null;
  const { child } = found;
  round += 1;
  if (found.print !== printOf(command)) {
    // the program was replaced or removed since then, which is for the caller to find out about
    child.kill('SIGKILL');
    return null;
  }
  forget(key, child);
  hold(child, true);
  child.stdin.write('\n');
  return child;
}

/** Ends what waits. */
export function dropReady(): void {
  kept = [];
  round += 1;
  for (const { child } of [...waiting.values()].flat()) child.kill('SIGKILL');
  waiting.clear();
}
