import { rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Watch } from '../firewall/backend.ts';
import { diskProblem } from '../process/durable.ts';
import { identityOf, printIdentity } from '../process/identity.ts';
import { type Entry, entryPath } from './arbiter.ts';

/** Thrown where somebody else has decided the trial's end meanwhile: nothing may be changed any more. */
export class TrialLost extends Error {
  constructor() {
    super('the end of the trial was decided meanwhile');
    this.name = 'TrialLost';
  }
}

/**
 * Notes each process that may change rules for a trial in its folder (`applier`: PID START, a line each) as soon as
 * it runs, and makes the file `committing` before the first of them is told to. Whoever puts the rules back ends the
 * processes first, so that nothing is committed after that: not by an agent that was halted between its last look and
 * its COMMIT, and not by a restore that it left behind holding the lock. Without `committing` there is nothing to
 * put back.
 *
 * Nobody is told anything before `mayGoOn` resolves, and what that rejects with is thrown.
 *
 * The order is what makes it exact: note the process, make the file in the folder (which is gone when somebody else
 * has taken the trial), tell the process; against: take the trial, end the processes, look for the file.
 */
export function watchAppliers(trials: string, entry: Entry, mayGoOn = Promise.resolve()): Watch {
  const folder = join(trials, entryPath(entry));
  const lines: string[] = [];
  const inFolder = async (act: () => Promise<void>) => {
    try {
      await act();
    } catch (cause) {
      if ((await stat(folder).catch(() => null)) === null) throw new TrialLost();
      throw diskProblem('The way back cannot be kept.', cause);
    }
  };
  return {
    started: async (pid) => {
      await inFolder(async () => {
        const identity = identityOf(pid);
        // ended already: it cannot change anything, and its outcome will say so
        if (identity) lines.push(`${printIdentity(identity)}\n`);
        await writeFile(join(folder, 'applier.new'), lines.join(''), { mode: 0o600 });
        await rename(join(folder, 'applier.new'), join(folder, 'applier'));
      });
      await mayGoOn;
    },
    beforeCommit: () => inFolder(() => writeFile(join(folder, 'committing'), '', { mode: 0o600 })),
  };
}

/** Whether rules may have been changed for the trial. */
export async function hasCommitted(trials: string, entry: Entry): Promise<boolean> {
  return (await stat(join(trials, entryPath(entry), 'committing')).catch(() => null)) !== null;
}
