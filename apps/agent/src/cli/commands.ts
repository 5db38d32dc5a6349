import { restoreAtBoot } from '../boot/restore.ts';
import { listEntries } from '../trial/arbiter.ts';
import type { TrialHost } from '../trial/host.ts';
import { readTrial } from '../trial/record.ts';
import { isOpen } from '../trial/recover.ts';
import { claimRevert, hasWorker, putBack } from '../trial/revert.ts';
import { readStatus } from './status.ts';
import { restoreWords, trialWords } from './words.ts';

export interface CommandResult {
  text: string;
  exitCode: number;
}

export interface Command {
  /** what it does, for the usage */
  words: string;
  run(host: TrialHost): Promise<CommandResult>;
}

/** A lock that another program holds for longer than this is for a person to look at. */
const rollbackMs = 120_000;

/** What the program can do besides running the agent. */
export const commands: Record<string, Command> = {
  status: {
    words: 'what waits to be confirmed, what was confirmed last, what the next boot loads',
    run: async (host) => ({ text: await readStatus(host), exitCode: 0 }),
  },
  rollback: { words: 'puts the old rules back, if a change waits to be confirmed', run: rollback },
  restore: {
    words: 'loads the saved rules; run at boot, before the network',
    run: async (host) => {
      const record = await restoreAtBoot(host);
      return { text: restoreWords(record), exitCode: record.alarm ? 1 : 0 };
    },
  },
};

async function rollback(host: TrialHost): Promise<CommandResult> {
  const open = (await listEntries(host.trials)).find(isOpen);
  if (!open) return { text: 'No change waits to be confirmed. Nothing was done.', exitCode: 0 };
  const reverting =
    open.state === 'pending'
      ? await claimRevert(host.trials, open, 'asked')
      : open.state === 'reverting' && !(await hasWorker(host.trials, open))
        ? open
        : null;
  if (reverting) {
    const reverter = { by: 'command' as const, author: null, patienceMs: rollbackMs, bootId: host.bootId };
    await putBack(host.trials, reverting, reverter);
  }
  const now = (await listEntries(host.trials)).find((entry) => entry.id === open.id);
  if (!now) return { text: 'The record of the change is gone.', exitCode: 1 };
  const trial = await readTrial(host.trials, now);
  return { text: trialWords(trial), exitCode: trial.state === 'reverted' ? 0 : 1 };
}
