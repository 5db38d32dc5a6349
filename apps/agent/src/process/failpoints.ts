import { readFileSync } from 'node:fs';

/**
 * Places at which a test may end the agent as a power cut would, by number. They do something only where the test
 * environment says so at the start of the process; elsewhere each is one comparison.
 */
export const failpoints = {
  // start of a trial
  armPrepared: 1,
  armed: 2,
  guarded: 3,
  firstTableCommitted: 4,
  allCommitted: 5,
  verified: 6,
  appliedMarked: 7,
  // confirm
  confirmClaimed: 8,
  generationWritten: 9,
  generationKept: 10,
  firstFileSaved: 11,
  confirmRecorded: 12,
  // revert by the agent
  revertClaimed: 13,
  firstTableReverted: 14,
  allReverted: 15,
  revertRecorded: 16,
  // save: the new rules file is written and not yet in its place
  saveWritten: 17,
  // routes: of the first family that changes, of all, and back again
  firstRoutesChanged: 18,
  routesChanged: 19,
  routesReverted: 20,
  // files that keep them
  routesKept: 21,
} as const;

export type Failpoint = keyof typeof failpoints;

const testing = process.env.MORU_AGENT_TESTING === '1';
const chosen = testing ? Number(process.env.MORU_AGENT_FAILPOINT ?? 0) : 0;
/** A file that holds the number, so that it can be set while the agent runs. */
const chooser = testing ? process.env.MORU_AGENT_FAILPOINT_FILE : undefined;

function chosenByFile(path: string): number {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return 0;
  }
}

/** Ends the process with SIGKILL where this is the chosen failpoint. */
export function failpoint(name: Failpoint): void {
  const number = failpoints[name];
  if (chosen === number || (chooser !== undefined && chosenByFile(chooser) === number)) {
    process.kill(process.pid, 'SIGKILL');
  }
}
