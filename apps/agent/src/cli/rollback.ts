import { setTimeout as delay } from 'node:timers/promises';
import { type Entry, listEntries } from '../trial/arbiter.ts';
import type { TrialHost } from '../trial/host.ts';
import { readTrial } from '../trial/record.ts';
import { isOpen } from '../trial/recover.ts';
import { claimRevert, hasWorker, putBack } from '../trial/revert.ts';
import type { CommandResult } from './command.ts';
import { trialWords } from './words.ts';

/** A lock that another program holds for longer than this is for a person to look at. */
const rollbackMs = 120_000;
/** Between two looks at what agent or guard are putting back. */
const pauseMs = 200;

/**
 * Puts the old rules of the trial back that waits to be confirmed, whether the agent runs or not; where somebody else
 * is at it already, waits for the end.
 */
export async function rollback(host: TrialHost): Promise<CommandResult> {
  const open = (await listEntries(host.trials)).find(isOpen);
  if (!open) return { text: 'No change waits to be confirmed. Nothing was done.', exitCode: 0 };
  const until = performance.now() + rollbackMs;
  for (;;) {
    const now = await entryOf(host.trials, open.id);
    if (!now) return { text: 'The record of the change is gone.', exitCode: 1 };
    if (!isOpen(now) || performance.now() > until) {
      const trial = await readTrial(host.trials, now);
      return { text: trialWords(trial), exitCode: trial.state === 'reverted' ? 0 : 1 };
    }
    if (!(await act(host, now, until - performance.now()))) await delay(pauseMs);
  }
}

/** False where there is nothing to do but to wait for somebody else. */
async function act(host: TrialHost, entry: Entry, patienceMs: number): Promise<boolean> {
  const reverter = { by: 'command' as const, author: null, patienceMs, bootId: host.bootId };
  if (entry.state === 'pending') {
    const claimed = await claimRevert(host.trials, entry, 'asked');
    if (claimed) await putBack(host.trials, claimed, reverter);
    return claimed !== null;
  }
  if (entry.state !== 'reverting' || (await hasWorker(host.trials, entry))) return false;
  return (await putBack(host.trials, entry, reverter)) !== null;
}

async function entryOf(trials: string, id: string, tries = 3): Promise<Entry | undefined> {
  const found = (await listEntries(trials)).find((entry) => entry.id === id);
  if (found || tries === 0) return found;
  // a folder that is given another name while the names are read may be passed over (readdir(3))
  await delay(5);
  return entryOf(trials, id, tries - 1);
}
