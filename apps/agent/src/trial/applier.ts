import { renameSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
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

/** Thrown before anything was committed where the guard has not shown itself yet: to be done again once it has. */
export class GuardLate extends Error {
  constructor() {
    super('the guard has not shown itself yet');
    this.name = 'GuardLate';
  }
}

/** A guard shows itself some 10 ms after it was started, by when the rules have been looked at. */
const guardPatienceMs = 30;

async function inTime(guarded: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new GuardLate()), guardPatienceMs);
  });
  await Promise.race([guarded, late]).finally(() => clearTimeout(timer));
}

/**
 * Notes each process that may change rules for a trial in its folder (`applier`: PID START, a line each) as soon as
 * it runs, and makes the file `committing` before the first of them is told to. Whoever puts the rules back ends the
 * processes first, so that nothing is committed after that: not by an agent that was halted between its last look and
 * its COMMIT, and not by a restore that it left behind holding the lock. Without `committing` there is nothing to
 * put back.
 *
 * Nobody is told to commit before `guarded` resolves, and what that rejects with is thrown; GuardLate where it takes so
 * long that the look before would be an old one, or the lock be held for too long.
 *
 * The order is what makes it exact: note the process, make the file in the folder (which is gone when somebody else
 * has taken the trial), tell the process; against: take the trial, end the processes, look for the file.
 */
export function watchAppliers(trials: string, entry: Entry, guarded = Promise.resolve()): Watch {
  const folder = join(trials, entryPath(entry));
  const lines: string[] = [];
  const inFolder = async (act: () => void) => {
    try {
      act();
    } catch (cause) {
      if ((await stat(folder).catch(() => null)) === null) throw new TrialLost();
      throw diskProblem('The way back cannot be kept.', cause);
    }
  };
  return {
    started: (pid) =>
      inFolder(() => {
        const identity = identityOf(pid);
        // ended already: it cannot change anything, and its outcome will say so
        if (identity) lines.push(`${printIdentity(identity)}\n`);
        // none of it waits for the disk, and the threads of Node take longer to be asked
        writeFileSync(join(folder, 'applier.new'), lines.join(''), { mode: 0o600 });
        renameSync(join(folder, 'applier.new'), join(folder, 'applier'));
      }),
    beforeCommit: async () => {
      await inTime(guarded);
      await inFolder(() => writeFileSync(join(folder, 'committing'), '', { mode: 0o600 }));
    },
  };
}

/** Whether rules may have been changed for the trial. */
export async function hasCommitted(trials: string, entry: Entry): Promise<boolean> {
  return (await stat(join(trials, entryPath(entry), 'committing')).catch(() => null)) !== null;
}
