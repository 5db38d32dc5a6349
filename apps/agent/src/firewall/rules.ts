import { NetfilterError, parseSave, type RuleSet } from '@moru/netfilter';
import { ProblemError } from '@moru/types';
import { type Limits, type Outcome, runProgram } from '../process/start.ts';
import { readDump } from './hostile.ts';
import { type Iptables, wordsOf } from './tools.ts';

/** Some 200,000 rules; a dump that is cut is never taken for the rules. */
const dumpLimits: Limits = { timeoutMs: 10_000, maxBytes: 32 * 1024 * 1024 };

export interface LiveRules {
  set: RuleSet;
  /** a rule or chain holds control characters (reference/security.md section 3) */
  hostile: boolean;
}

/** A dump by `iptables-save -c`, which takes no lock. Throws ProblemError `host.failed`. */
export async function readRules(iptables: Iptables, timeoutMs = dumpLimits.timeoutMs): Promise<LiveRules> {
  const outcome = await runProgram(iptables.programs.save, ['-c'], { ...dumpLimits, timeoutMs });
  if (outcome.exitCode !== 0 || outcome.truncated) throw readingFailed(outcome);
  // rules made by nft itself that iptables cannot show: the table is left out, and would look empty
  const unreadable = /^# Table .* is incompatible.*$/m.exec(outcome.stdout);
  if (unreadable) throw new ProblemError('host.failed', { upstream: unreadable[0] });
  const { text, hostile } = readDump(outcome.stdout);
  try {
    return { set: parseSave(text, { family: iptables.family, unreadable: 'keep' }), hostile };
  } catch (error) {
    if (!(error instanceof NetfilterError)) throw error;
    // a name made to mislead (a lone quote as interface, for one) leaves no telling where a rule ends
    const detail = 'The rules hold a name or a text that leaves no telling where a rule ends.';
    throw new ProblemError('host.failed', { detail, upstream: error.message });
  }
}

function readingFailed(outcome: Outcome): ProblemError {
  const detail = outcome.truncated
    ? 'The rules are larger than 32 MiB.'
    : outcome.timedOut
      ? 'Reading the rules took too long.'
      : 'The rules could not be read.';
  return new ProblemError('host.failed', { detail, ...wordsOf(outcome) });
}
