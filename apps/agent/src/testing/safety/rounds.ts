/** What came of many rounds of one kind. */
export interface Tally {
  runs: number;
  /** rounds in which everything held that was promised */
  held: number;
  /** what did not, a line each */
  problems: string[];
}

/** This machine was too busy for the round to show anything: it is done again, and counts for nothing. */
export class ProvesNothing extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ProvesNothing';
  }
}

/** Where there are few rounds, a machine that is busy for a while should not be taken for a host that is lost. */
const mostIdle = 5;

const wordsOf = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/**
 * Runs rounds one after the other, each whatever came of those before. A round says that something did not hold by
 * throwing it. Of those that prove nothing there may be as many as of the others, and a few more.
 */
export async function runRounds(count: number, round: (index: number) => Promise<void>): Promise<Tally> {
  const tally: Tally = { runs: 0, held: 0, problems: [] };
  let idle = 0;
  while (tally.runs < count) {
    try {
      await round(tally.runs);
      tally.held += 1;
    } catch (error) {
      if (error instanceof ProvesNothing && idle < count + mostIdle) {
        idle += 1;
        continue;
      }
      tally.problems.push(`round ${tally.runs + 1}: ${wordsOf(error)}`);
    }
    tally.runs += 1;
  }
  return tally;
}

/** All of it together; rejects with what could not even begin. */
export async function sum(tallies: readonly Promise<Tally>[]): Promise<Tally> {
  // the others end in peace, and take their hosts away
  await Promise.allSettled(tallies);
  const all = await Promise.all(tallies);
  return {
    runs: all.reduce((total, { runs }) => total + runs, 0),
    held: all.reduce((total, { held }) => total + held, 0),
    problems: all.flatMap(({ problems }) => problems),
  };
}

/** `total` shared out to so many, as evenly as may be. */
export function shares(total: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => Math.floor((total + index) / count)).filter(
    (share) => share > 0,
  );
}
