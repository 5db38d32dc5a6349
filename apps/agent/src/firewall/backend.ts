import { ProblemError } from '@moru/types';
import { findProgram } from '../process/find.ts';
import type { Command } from '../process/standby.ts';
import { type Outcome, type RunningChild, startProgram } from '../process/start.ts';
import { waitForLock } from './lock.ts';
import { type LiveRules, readRules } from './rules.ts';
import { type Iptables, isBusy, type Strategy, wordsOf } from './tools.ts';

/**
 * Looks at the rules as they are now and answers the lines of the table's payload, without `*table` and COMMIT;
 * throws to leave the rules as they are.
 */
export type Decide = (live: LiveRules) => string[];

/** What may be said, and stopped, on the way. Whatever is thrown leaves the rules as they are. */
export interface Watch {
  /** a process that may hold the lock or change the rules has been started; it is told nothing before this resolves */
  started(pid: number): Promise<void>;
  /** the payload is about to be sent */
  beforeCommit(): Promise<void>;
}

const unwatched: Watch = { started: async () => {}, beforeCommit: async () => {} };

/**
 * Reads the rules, lets `decide` compare them with what the change was made from, and commits its payload; as one
 * step where the back end allows. Resolves with what iptables-restore answered. Throws what `decide` throws, and
 * ProblemError `host.busy` when another program holds the lock. `ready`: of `startRestore`,
 * which whoever started it ends where nothing was told to it.
 */
export type Commit = (
  iptables: Iptables,
  table: string,
  decide: Decide,
  watch?: Watch,
  ready?: RunningChild | null,
) => Promise<Outcome>;

/** How long another program may hold the lock before we give up. */
const lockWaitSeconds = 5;
/**
 * 1.8.9 gives up after `-w 5` as it should, but 1.8.8 to 1.8.10 are known for waits without limit
 * (reference/iptables.md section 4.2), so the wait ends here too.
 */
const restoreLimits = { timeoutMs: (lockWaitSeconds + 2) * 1000, maxBytes: 64 * 1024 };
/** Others wait for the lock while we read under it, mostly for 5 s: a host that takes longer is left alone. */
const lockedReadMs = 3_000;

const waitArgs: Record<Strategy, string[]> = {
  lock: ['-w', String(lockWaitSeconds)],
  outerLock: [],
  verify: [],
};

export const commitCommand = ({ programs, strategy }: Iptables): Command => [
  programs.restore,
  ...['-n', '-c'],
  ...waitArgs[strategy],
];

/**
 * A restore that runs and was told nothing: it takes no lock and looks at nothing before its first line, and one that
 * is ended then has changed nothing. Whoever is about to commit starts it while there is something else to wait for.
 */
export function startRestore(iptables: Iptables): Promise<RunningChild> {
  const [program, ...args] = commitCommand(iptables);
  return startProgram(program, args, restoreLimits);
}

/** The one that is ready, unless it ended while it waited. */
const aRestore = async (iptables: Iptables, ready: RunningChild | null): Promise<RunningChild> =>
  ready && !ready.ended ? ready : startRestore(iptables);

const joined = (lines: string[]) => `${lines.join('\n')}\n`;

function notLocked(outcome: Outcome, iptables: Iptables): ProblemError {
  const code = isBusy(outcome, iptables) ? 'host.busy' : 'host.failed';
  return new ProblemError(code, wordsOf(outcome));
}

const commitUnderLock: Commit = async (iptables, table, decide, watch = unwatched, ready = null) => {
  const restore = await aRestore(iptables, ready);
  try {
    await watch.started(restore.pid);
    restore.write(`*${table}\n`);
    if (!(await waitForLock(restore))) throw notLocked(await restore.outcome, iptables);
    const payload = decide(await readRules(iptables, lockedReadMs));
    await watch.beforeCommit();
    restore.end(joined([...payload, 'COMMIT']));
  } catch (error) {
    // no COMMIT, no change (reference/iptables.md section 4.1); the lock is free again before we answer
    restore.end();
    await restore.outcome;
    throw error;
  }
  return restore.outcome;
};

/**
 * For 1.6.1, whose restore takes no lock: flock(1) holds it for as long as the `cat` that it runs is fed. Other
 * programs that take no lock either can still get between; the kernel then refuses ours (EAGAIN), or the dump
 * that follows tells.
 */
const commitUnderOuterLock: Commit = async (iptables, table, decide, watch = unwatched, ready = null) => {
  const flock = findProgram('flock');
  const cat = findProgram('cat');
  if (!flock || !cat) throw new ProblemError('host.failed', { detail: 'flock(1) is needed and missing.' });
  // -o: only flock itself holds the lock, so that it is free at once when flock is killed.
  // -E 4: the exit code with which iptables itself gives up on the lock
  const args = ['-o', '-E', '4', '-w', String(lockWaitSeconds), '/run/xtables.lock', cat];
  const holder = await startProgram(flock, args, { timeoutMs: 20_000, maxBytes: 1024 });
  try {
    await watch.started(holder.pid);
    if (!(await waitForLock(holder))) throw notLocked(await holder.outcome, iptables);
    const payload = decide(await readRules(iptables, lockedReadMs));
    return await commitAlone(iptables, table, async () => payload, watch, ready);
  } finally {
    holder.end();
    await holder.outcome;
  }
};

const commitAndVerify: Commit = async (iptables, table, decide, watch = unwatched, ready = null) =>
  commitAlone(iptables, table, async () => decide(await readRules(iptables)), watch, ready);

/**
 * One restore that takes no lock or needs none. It looks at nothing before it is fed, so it is started before the last
 * look at the rules: between that and its COMMIT there is then no start of a program.
 */
async function commitAlone(
  iptables: Iptables,
  table: string,
  payload: () => Promise<string[]>,
  watch: Watch,
  ready: RunningChild | null,
): Promise<Outcome> {
  const restore = await aRestore(iptables, ready);
  try {
    // a look changes nothing, so it need not wait for the note
    const looked = payload();
    looked.catch(() => {});
    await watch.started(restore.pid);
    const lines = await looked;
    await watch.beforeCommit();
    restore.end(joined([`*${table}`, ...lines, 'COMMIT']));
  } catch (error) {
    restore.end();
    await restore.outcome;
    throw error;
  }
  return restore.outcome;
}

export const commits: Record<Strategy, Commit> = {
  lock: commitUnderLock,
  outerLock: commitUnderOuterLock,
  verify: commitAndVerify,
};
