import { type Identified, identify, type MergeConflict, mergeRuleSets, type RuleSet } from '@moru/netfilter';
import type { DraftStep, OffRule } from '@moru/types';
import { type Draft, withBase } from './draft.ts';
import { draftRulesOf, type IsForeign, ruleSetOf } from './draft-rules.ts';
import { withRuleIds } from './step.ts';

export interface Rebased {
  draft: Draft;
  host: Identified;
  /** what the draft and the host disagree about; empty when the steps simply go on */
  conflicts: MergeConflict[];
  /** both changes together, conflicts decided for the host */
  merged: RuleSet;
  /** ids that are other ones now, by `TABLE CHAIN` */
  renamed: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/**
 * The draft on the rules that the host has now. Rules that are still there keep their meaning in the steps wherever
 * they went. Ids are made anew from the text, so that they are the same in every browser that reads these rules.
 */
export function rebase(
  draft: Draft,
  before: Identified,
  now: RuleSet,
  off: readonly OffRule[],
  isForeign?: IsForeign,
): Rebased {
  const carried = identify(now, before);
  const host = identify(now);
  const renamed = renamings(carried, host);
  const steps = draft.steps.map((step) => renameStep(step, renamed));
  const past = draft.past.map((list) => list.map((step) => renameStep(step, renamed)));
  const future = draft.future.map((list) => list.map((step) => renameStep(step, renamed)));
  const base = draftRulesOf(host, off, isForeign);
  const owns = (table: string, chain: string) => !(isForeign?.(table, chain) ?? false);
  const { merged, conflicts } = mergeRuleSets(before.set, ruleSetOf(draft.rules), now, isForeign && owns);
  const moved = withBase({ ...draft, steps, past, future }, base);
  return { draft: moved, host, conflicts, merged, renamed };
}

/** Whether steps lost what they were about, which they still had before. */
export function losesSteps(before: Draft, after: Draft): boolean {
  return [...after.problems.keys()].some((id) => !before.problems.has(id));
}

function renamings(carried: Identified, host: Identified): Map<string, Map<string, string>> {
  const all = new Map<string, Map<string, string>>();
  for (const [key, ids] of carried.ids) {
    const fresh = host.ids.get(key) ?? [];
    const changed = ids.flatMap((id, index): [string, string][] =>
      id === fresh[index] ? [] : [[id, fresh[index] ?? id]],
    );
    if (changed.length > 0) all.set(key, new Map(changed));
  }
  return all;
}

function renameStep(step: DraftStep, all: Rebased['renamed']): DraftStep {
  const names = all.get(`${step.table} ${step.chain}`);
  if (!names) return step;
  return withRuleIds(step, (id) => names.get(id) ?? id);
}
