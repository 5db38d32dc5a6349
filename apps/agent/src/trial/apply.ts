import { completeRuleSet, mergeRuleSets, type RuleSet } from '@moru/netfilter';
import { type ProblemCode, ProblemError } from '@moru/types';
import { commits, type Watch } from '../firewall/backend.ts';
import { ownedText } from '../firewall/revision.ts';
import { type LiveRules, readRules } from '../firewall/rules.ts';
import { type Iptables, isBusy, wordsOf } from '../firewall/tools.ts';
import { failpoint } from '../process/failpoints.ts';
import type { Outcome, RunningChild } from '../process/start.ts';
import { type Draft, mergedTable } from './draft.ts';
import { planPayload } from './plan-payload.ts';
import { isOwned, tableOf } from './rewrite.ts';

/** A family's draft that may be applied, with the tools to do it. */
export interface FamilyChange extends Draft {
  iptables: Iptables;
  wanted: RuleSet;
}

/** The rules are not what they have to be for the next step; `now` is what they are. */
export class RulesDiffer extends Error {
  readonly change: FamilyChange;
  readonly now: LiveRules;

  constructor(change: FamilyChange, now: LiveRules) {
    super(`the ${change.iptables.family} rules are not those that were expected`);
    this.name = 'RulesDiffer';
    this.change = change;
    this.now = now;
  }
}

/** Tables that were committed so far, per family. */
export type Progress = Map<FamilyChange, Set<string>>;

/** How often a restore without a lock of its own may meet another program's change (reference/iptables.md 6.3). */
const maxTries = 3;

/**
 * Commits the tables of each family in order, each only while everything owned is what it was when the draft was
 * made, or was made by the steps before. Throws RulesDiffer, TrialLost, or a ProblemError; what was committed by then
 * stays committed. `ready`: a restore for the first of them.
 */
export async function applyChanges(
  changes: readonly FamilyChange[],
  progress: Progress,
  watch: Watch,
  ready: RunningChild | null = null,
): Promise<void> {
  for (const change of changes) {
    const done = new Set<string>();
    progress.set(change, done);
    for (const table of change.tables) {
      await commitTable(change, table, done, watch, ready);
      done.add(table);
      failpoint('firstTableCommitted');
    }
  }
  failpoint('allCommitted');
}

async function commitTable(
  change: FamilyChange,
  table: string,
  done: ReadonlySet<string>,
  watch: Watch,
  ready: RunningChild | null,
): Promise<void> {
  const { iptables, wanted } = change;
  const expected = ownedText(stepOf(change, done));
  const decide = (live: LiveRules): string[] => {
    if (live.hostile || ownedText(live.set) !== expected) throw new RulesDiffer(change, live);
    const current = completeRuleSet(live.set, table);
    const target = tableOf(wanted, table);
    if (!target) return [];
    // counters as they are now, not as they were when the draft was read
    const fresh = { ...wanted, tables: [mergedTable(target, tableOf(current, table))] };
    return planPayload(current, fresh, [table], iptables)[0]?.lines ?? [];
  };
  for (let tries = 1; ; tries++) {
    const outcome = await commits[iptables.strategy](iptables, table, decide, watch, ready);
    if (outcome.exitCode === 0) return;
    // without a lock the kernel refuses a table that another program changed meanwhile: look again
    if (iptables.strategy === 'outerLock' && outcome.exitCode === 1 && tries < maxTries) continue;
    const code = codeOf(outcome, iptables);
    if (code === 'rule.refused') {
      // with one it does so as well, where that program pays no attention to the lock
      const live = await readRules(iptables);
      if (ownedText(live.set) !== expected) throw new RulesDiffer(change, live);
    }
    throw new ProblemError(code, wordsOf(outcome));
  }
}

/** `rule.refused` says for certain that the table was not changed; a restore that a signal ended may have done it. */
function codeOf(outcome: Outcome, iptables: Iptables): ProblemCode {
  if (isBusy(outcome, iptables)) return 'host.busy';
  return outcome.exitCode === null ? 'host.failed' : 'rule.refused';
}

/** The rules as they are when the tables in `done` are committed and the others are not. */
function stepOf({ base, wanted }: FamilyChange, done: ReadonlySet<string>): RuleSet {
  const tables = base.tables.filter((table) => !done.has(table.name));
  return completeRuleSet({
    ...base,
    tables: [...tables, ...wanted.tables.filter((table) => done.has(table.name))],
  });
}

const owns = (_table: string, chain: string): boolean => isOwned({ name: chain });

/** Reads the rules back and throws RulesDiffer unless they are what was wanted. */
export async function verifyChanges(changes: readonly FamilyChange[]): Promise<void> {
  for (const change of changes) {
    const reading = readRules(change.iptables);
    reading.catch(() => {});
    const wanted = ownedText(change.wanted);
    const live = await reading;
    if (live.hostile || ownedText(live.set) !== wanted) throw new RulesDiffer(change, live);
  }
}

/**
 * Takes back what was committed so far and nothing else: what another program changed at the same time stays, as far
 * as the two can be told apart. True when every table was taken back.
 */
export async function undoChanges(progress: Progress, watch: Watch): Promise<boolean> {
  for (const [change, done] of [...progress].reverse()) {
    const made = stepOf(change, done);
    for (const table of [...done].reverse()) {
      const decide = (live: LiveRules): string[] => {
        const now = completeRuleSet(live.set, table);
        const { merged } = mergeRuleSets(made, change.base, now, owns);
        return planPayload(now, merged, [table], change.iptables)[0]?.lines ?? [];
      };
      const { exitCode } = await commits[change.iptables.strategy](change.iptables, table, decide, watch);
      if (exitCode !== 0) return false;
    }
  }
  return true;
}
