import type { DraftStep } from '@moru/types';
import {
  chainOf,
  type DraftChain,
  type DraftRules,
  type Entry,
  emptyChain,
  placeOf,
  readRule,
  tableOf,
  withChain,
} from './draft-rules.ts';
import type { DraftEdit, StepProblem } from './step.ts';

interface Applied {
  rules: DraftRules;
  /** why nothing happened; null when something did */
  problem: StepProblem | null;
}

/** One step further. A step that is about something that is gone changes nothing and says so. */
export function applyStep(rules: DraftRules, step: DraftEdit): Applied {
  const chain = chainOf(rules, step.table, step.chain);
  if (step.type === 'newChain') {
    if (chain) return { rules, problem: 'chainExists' };
    const next = tableOf(rules, step.table)
      ? rules
      : { ...rules, tables: [...rules.tables, { name: step.table, chains: [] }] };
    return done(next, step, emptyChain(step.table, step.chain));
  }
  if (!chain || chain.foreign) return { rules, problem: 'chainMissing' };
  if (step.type === 'deleteChain') {
    return chain.entries.length > 0 ? { rules, problem: 'chainNotEmpty' } : done(rules, step, null);
  }
  if (step.type === 'policy') return done(rules, step, { ...chain, policy: step.policy });
  const entries = applyToEntries(chain.entries, step, rules.family);
  return entries ? done(rules, step, { ...chain, entries }) : { rules, problem: 'ruleMissing' };
}

function done(rules: DraftRules, { table, chain }: DraftEdit, next: DraftChain | null): Applied {
  return { rules: withChain(rules, table, chain, next), problem: null };
}

type RulesEdit = Exclude<DraftEdit, { type: 'newChain' | 'deleteChain' | 'policy' }>;

/** Null when none of the rules that the step names is there. */
function applyToEntries(
  entries: readonly Entry[],
  step: RulesEdit,
  family: DraftRules['family'],
): readonly Entry[] | null {
  if (step.type === 'flush') return [];
  if (step.type === 'insert') {
    const added = step.rules.map(
      ({ id, text, off = false }): Entry => ({ id, rule: readRule(text, family), off }),
    );
    return entries.toSpliced(placeOf(entries, step.at), 0, ...added);
  }
  if (step.type === 'replace') {
    const at = entries.findIndex(({ id }) => id === step.rule);
    const before = entries[at];
    return before ? entries.with(at, { ...before, rule: readRule(step.text, family) }) : null;
  }
  const named = new Set(step.rules);
  const chosen = entries.filter(({ id }) => named.has(id));
  if (chosen.length === 0) return null;
  if (step.type === 'turn') {
    return entries.map((entry) => (named.has(entry.id) ? { ...entry, off: step.off } : entry));
  }
  const rest = entries.filter(({ id }) => !named.has(id));
  return step.type === 'delete' ? rest : rest.toSpliced(placeOf(rest, step.at), 0, ...chosen);
}

export interface Replayed {
  rules: DraftRules;
  /** by id, the steps that did nothing */
  problems: ReadonlyMap<string, StepProblem>;
}

/** All steps in their order. `onStep` sees the rules before each one that does something. */
export function replay(
  base: DraftRules,
  steps: readonly DraftStep[],
  onStep?: (step: DraftStep, before: DraftRules) => void,
): Replayed {
  const problems = new Map<string, StepProblem>();
  let rules = base;
  for (const step of steps) {
    const { rules: next, problem } = applyStep(rules, step);
    if (problem) problems.set(step.id, problem);
    else onStep?.(step, rules);
    rules = next;
  }
  return { rules, problems };
}
