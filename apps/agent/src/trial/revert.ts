import { rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RevertReason } from '@moru/types';
import type { Watch } from '../firewall/backend.ts';
import { connectionsFull } from '../host/connections.ts';
import { log, messageOf } from '../log.ts';
import { errorCode } from '../process/durable.ts';
import { failpoint } from '../process/failpoints.ts';
import { identityOf, isRunning, parseIdentity, printIdentity } from '../process/identity.ts';
import { hasCommitted, TrialLost, watchAppliers } from './applier.ts';
import { claim, close, type Ended, entryPath, type Pending } from './arbiter.ts';
import { dropWorkFiles, readNote, readRecord, writeOutcome } from './record.ts';
import { type OutcomeLine, restoreAll } from './restore.ts';

/** Who puts the rules back: the running agent, or the command at the host's own console. */
export interface Reverter {
  by: 'agent' | 'command';
  /** who asked for it; null where nobody did */
  author: string | null;
  /** after this long the trial is left as `reverting`, for the next try */
  patienceMs: number;
  /** of the running system */
  bootId: string;
  /** a gentler way to take the change of rules back, tried before that of the record; true when it worked */
  undo?: (watch: Watch) => Promise<boolean>;
}

async function noteWorker(trials: string, entry: Pending | Ended): Promise<void> {
  const self = identityOf(process.pid);
  if (!self) return;
  const path = join(trials, entryPath(entry), 'worker');
  try {
    // whole at any moment: the guard takes an empty note for a worker that is gone, and begins beside us
    await writeFile(`${path}.new`, `${printIdentity(self)}\n`);
    await rename(`${path}.new`, path);
  } catch {
    // a full disk takes no note: the guard then helps, which does no harm
  }
}

/** Whether somebody is at putting the rules of this trial back. */
export async function hasWorker(trials: string, reverting: Ended): Promise<boolean> {
  const worker = parseIdentity(await readNote(trials, reverting, 'worker'));
  return worker !== null && worker.pid !== process.pid && isRunning(worker);
}

/**
 * Takes a pending trial's end for ourselves; null when somebody else decided it. Who works on it is noted before, so
 * that the guard never sees it claimed by nobody.
 */
export async function claimRevert(
  trials: string,
  pending: Pending,
  reason: RevertReason,
): Promise<Ended | null> {
  await noteWorker(trials, pending);
  return claim(trials, pending, { reverting: reason });
}

/**
 * Puts back what the trial changed, and closes it. Each table until it worked or patience is over, routes as often as
 * makes sense; begun anew at any point it ends in the same. Null when the rules are not back yet.
 */
export async function putBack(trials: string, reverting: Ended, reverter: Reverter): Promise<Ended | null> {
  failpoint('revertClaimed');
  await noteWorker(trials, reverting);
  await stopAppliers(trials, reverting);
  const lines: OutcomeLine[] = [];
  try {
    // after a reboot the rules are what boot loaded, and the snapshot means nothing any more
    const changed =
      (await hasCommitted(trials, reverting)) && !(await isOfOtherBoot(trials, reverting, reverter));
    const undone = changed && reverter.undo ? await undo(trials, reverting, reverter.undo) : false;
    if (changed) {
      const what = { rules: !undone, patienceMs: reverter.patienceMs };
      const restored = await restoreAll(trials, reverting, what);
      if (restored === null) return null;
      lines.push(...restored);
    }
  } catch (error) {
    // the guard may be at it as well, and done before us
    if (error instanceof TrialLost || (await isGone(trials, reverting))) return null;
    throw error;
  }
  failpoint('allReverted');
  if (reverter.author !== null) lines.unshift(['author', reverter.author]);
  lines.unshift(['by', reverter.by], ['at', new Date().toISOString()]);
  const full = connectionsFull();
  if (full !== null) lines.push(['connections-full', `${full}`]);
  // without room for it the folder's name still tells that, and why
  await writeOutcome(trials, reverting, lines).catch(() => {});
  failpoint('revertRecorded');
  const closed = await close(trials, reverting);
  if (closed) await dropWorkFiles(trials, closed);
  return closed;
}

const isGone = async (trials: string, reverting: Ended): Promise<boolean> =>
  errorCode(await stat(join(trials, entryPath(reverting))).catch((error: unknown) => error)) === 'ENOENT';

async function undo(trials: string, reverting: Ended, act: NonNullable<Reverter['undo']>): Promise<boolean> {
  try {
    return await act(watchAppliers(trials, reverting));
  } catch (error) {
    if (error instanceof TrialLost) throw error;
    log.error('a change could not be taken back by itself', {
      trial: reverting.id,
      reason: messageOf(error),
    });
    return false;
  }
}

/** Ends what may still be about to change rules. */
async function stopAppliers(trials: string, reverting: Ended): Promise<void> {
  const lines = (await readNote(trials, reverting, 'applier')).split('\n');
  for (const applier of lines.map(parseIdentity)) {
    for (let tries = 0; applier && isRunning(applier) && tries < 200; tries++) {
      process.kill(applier.pid, 'SIGKILL');
      await delay(10);
    }
  }
}

async function isOfOtherBoot(trials: string, reverting: Ended, { bootId }: Reverter): Promise<boolean> {
  return reverting.reason === 'reboot' || (await readRecord(trials, reverting)).bootId !== bootId;
}
