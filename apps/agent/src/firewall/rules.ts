import { NetfilterError, parseSave, RuleMemory, type RuleSet } from '@moru/netfilter';
import { type Family, ProblemError } from '@moru/types';
import { maxDumpBytes } from '../large/limits.ts';
import type { Command } from '../process/standby.ts';
import { type Outcome, runProgram } from '../process/start.ts';
import { readDump } from './hostile.ts';
import { type Iptables, wordsOf } from './tools.ts';

const dumpMs = 10_000;

/** The dump of a request. */
export const dumpCommand = ({ programs }: Iptables): Command => [programs.save, '-c'];

/** `-c` in full: by it the looks of the watch, which come when they like, are told from those of a request. */
export const watchCounters = '--counters';

export interface LiveRules {
  set: RuleSet;
  /** a rule or chain holds control characters (reference/security.md section 3) */
  hostile: boolean;
}

/** There are more rules than this process takes on (`Iptables.dumps`); another one may. */
export class LargeSet extends Error {
  constructor() {
    super('the rules are too many for this process');
    this.name = 'LargeSet';
  }
}

/**
 * A dump by `iptables-save -c`, which takes no lock; one that is cut is never taken for the rules. Throws
 * ProblemError `host.failed`, or LargeSet.
 */
export async function readRules(
  iptables: Iptables,
  timeoutMs = dumpMs,
  counters: '-c' | typeof watchCounters = '-c',
): Promise<LiveRules> {
  const { dumps } = iptables;
  const outcome = await runProgram(iptables.programs.save, [counters], { timeoutMs, maxBytes: dumps.max });
  if (outcome.truncated && dumps.max < maxDumpBytes) throw new LargeSet();
  if (outcome.exitCode !== 0 || outcome.truncated) throw readingFailed(outcome);
  dumps.largest = Math.max(dumps.largest, outcome.stdout.length);
  // rules made by nft itself that iptables cannot show: the table is left out, and would look empty
  const unreadable = /^# Table .* is incompatible.*$/m.exec(outcome.stdout);
  if (unreadable) throw new ProblemError('host.failed', { upstream: unreadable[0] });
  const { text, hostile } = readDump(outcome.stdout);
  try {
    const live = { set: readSaveText(text, iptables.family), hostile };
    lastRead[iptables.family] = live;
    return live;
  } catch (error) {
    if (!(error instanceof NetfilterError)) throw error;
    // a name made to mislead (a lone quote as interface, for one) leaves no telling where a rule ends
    const detail = 'The rules hold a name or a text that leaves no telling where a rule ends.';
    throw new ProblemError('host.failed', { detail, upstream: error.message });
  }
}

const noMemories = () => ({ ipv4: new RuleMemory('ipv4'), ipv6: new RuleMemory('ipv6') });
let memories = noMemories();
let lastRead: Partial<Record<Family, LiveRules>> = {};

/** The rules as they were when they were last read: they may have changed since. Null where nobody has read them. */
export const lastRules = (family: Family): LiveRules | null => lastRead[family] ?? null;

/** Gives back what was kept of the last texts: the next one is read anew. */
export function forgetRules(): void {
  memories = noMemories();
  lastRead = {};
}

/**
 * Reads a text in save form; rules that stood in the last ones as well are the same objects as then. Throws
 * NetfilterError.
 */
export function readSaveText(text: string, family: Family): RuleSet {
  return parseSave(text, { family, unreadable: 'keep', memory: memories[family] });
}

function readingFailed(outcome: Outcome): ProblemError {
  const detail = outcome.truncated
    ? 'The rules are larger than 32 MiB.'
    : outcome.timedOut
      ? 'Reading the rules took too long.'
      : 'The rules could not be read.';
  return new ProblemError('host.failed', { detail, ...wordsOf(outcome) });
}
