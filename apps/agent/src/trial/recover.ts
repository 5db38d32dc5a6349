import type { RevertReason } from '@moru/types';
import { log, messageOf } from '../log.ts';
import { type Ended, type Entry, findPending, listEntries, type Pending } from './arbiter.ts';
import { uptime } from './clock.ts';
import { findGuard, livingGuard, startGuard } from './guard.ts';
import type { TrialHost } from './host.ts';
import { pruneTrials, readRecord } from './record.ts';
import { claimRevert, hasWorker, putBack } from './revert.ts';

/** The guard acts at the deadline; when it is this late (hundredths of a second), the agent does. */
const guardLate = 200;

/** How long one try to put rules back goes on before the next look; the lock may be held for a while. */
const patienceMs = 3_000;

/**
 * Looks after the trials of the host once: what is over is put back where nobody else does it, and a trial without a
 * guard gets one. True while there is something left to look after.
 */
export async function lookAfter(host: TrialHost, fresh: boolean): Promise<boolean> {
  for (const entry of await listEntries(host.trials)) {
    try {
      if (entry.state === 'pending') await lookAfterPending(host, entry, fresh);
      else if (entry.state === 'reverting') await lookAfterReverting(host, entry);
    } catch (error) {
      log.error('a trial could not be looked after', { trial: entry.id, reason: messageOf(error) });
    }
  }
  const left = (await listEntries(host.trials)).some(isOpen);
  if (!left) await pruneTrials(host.trials);
  return left;
}

export const isOpen = (entry: Entry): boolean => entry.state === 'pending' || entry.state === 'reverting';

async function lookAfterPending(host: TrialHost, pending: Pending, fresh: boolean): Promise<void> {
  const reason = await reasonToEnd(host, pending, fresh);
  if (reason) {
    log.error('puts the old rules back', { trial: pending.id, reason });
    const claimed = await claimRevert(host.trials, pending, reason);
    if (claimed) await putBack(host.trials, claimed, revertedBy(host));
    return;
  }
  if (await livingGuard(host.trials, pending)) return;
  log.error('the guard is gone', { trial: pending.id });
  const { config, trials } = host;
  try {
    await startGuard(trials, pending, findGuard(config));
  } catch (error) {
    log.error('no new guard', { trial: pending.id, reason: messageOf(error) });
    const now = await findPending(trials);
    const claimed = now?.id === pending.id ? await claimRevert(trials, now, 'agentStart') : null;
    if (claimed) await putBack(trials, claimed, revertedBy(host));
  }
}

const revertedBy = ({ bootId }: TrialHost) => ({ by: 'agent' as const, author: null, patienceMs, bootId });

/** Why the agent has to end the trial; null while it may go on. `fresh`: the agent has just been started. */
async function reasonToEnd(host: TrialHost, pending: Pending, fresh: boolean): Promise<RevertReason | null> {
  const { bootId } = await readRecord(host.trials, pending);
  if (bootId !== host.bootId) return 'reboot';
  // whoever was to be told the secret never was
  if (fresh && pending.phase === 'armed') return 'agentStart';
  return uptime() >= pending.deadline + (fresh ? 0 : guardLate) ? 'expired' : null;
}

async function lookAfterReverting(host: TrialHost, reverting: Ended): Promise<void> {
  if (await hasWorker(host.trials, reverting)) return;
  await putBack(host.trials, reverting, revertedBy(host));
}
