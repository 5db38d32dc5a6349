import type { DraftStep } from '@moru/types';
import { replay } from './apply-step.ts';
import { chainOf, type DraftRules } from './draft-rules.ts';
import type { PlannedEdit, StepProblem } from './step.ts';

/** Steps from the rules of a host to those that are wanted, with what was taken back. */
export interface Draft {
  /** what the steps begin with */
  base: DraftRules;
  steps: readonly DraftStep[];
  /** `base` with all steps */
  rules: DraftRules;
  /** steps that do nothing any more, by id */
  problems: ReadonlyMap<string, StepProblem>;
  /** number of the next step: ids are never used twice in one draft */
  next: number;
  /** earlier lists of steps, the last one first to come back */
  past: readonly (readonly DraftStep[])[];
  /** lists that were undone, the last one first to come back */
  future: readonly (readonly DraftStep[])[];
}

// what one person takes back in one go; each list shares its steps with the others
const rememberedLists = 200;

/** A draft with these steps; none at first. */
export function draftOn(base: DraftRules, steps: readonly DraftStep[] = [], next = steps.length + 1): Draft {
  return { base, steps, ...replay(base, steps), next, past: [], future: [] };
}

function withSteps(draft: Draft, steps: readonly DraftStep[]): Draft {
  return {
    ...draft,
    steps,
    ...replay(draft.base, steps),
    past: [...draft.past, draft.steps].slice(-rememberedLists),
    future: [],
  };
}

/** Adds edits as steps of their own which are taken back together. */
export function addEdits(draft: Draft, edits: readonly PlannedEdit[], notes: readonly string[] = []): Draft {
  return addLists(draft, [{ edits, notes }]);
}

interface EditList {
  edits: readonly PlannedEdit[];
  /** stand at the first of them */
  notes: readonly string[];
}

/** Several lists of edits, taken back together. */
export function addLists(draft: Draft, lists: readonly EditList[]): Draft {
  let { next } = draft;
  const steps = lists.flatMap(({ edits, notes }) =>
    edits.map((edit, index): DraftStep => {
      const id = `s${next}`;
      next += 1;
      const head = { id, ...(notes.length > 0 && index === 0 ? { notes: [...notes] } : {}) };
      if (edit.type !== 'insert') return { ...edit, ...head };
      return { ...edit, ...head, rules: edit.rules.map((rule, at) => ({ id: `${id}.${at + 1}`, ...rule })) };
    }),
  );
  if (steps.length === 0) return draft;
  return { ...withSteps(draft, [...draft.steps, ...steps]), next };
}

/** Takes one step out, and with it those that only made sense behind it. */
export function removeStep(draft: Draft, id: string): Draft {
  let steps = draft.steps.filter((step) => step.id !== id);
  for (;;) {
    const { problems } = replay(draft.base, steps);
    const left = steps.filter((step) => !problems.has(step.id) || draft.problems.has(step.id));
    if (left.length === steps.length) return withSteps(draft, left);
    steps = left;
  }
}

/** Takes back that a rule of the host is deleted, or that it is edited; other edits stay. */
export function restoreRule(draft: Draft, table: string, chain: string, id: string): Draft {
  const emptied = new Map<string, readonly string[]>();
  replay(draft.base, draft.steps, (step, before) => {
    if (step.type !== 'flush' || step.table !== table || step.chain !== chain) return;
    emptied.set(step.id, chainOf(before, table, chain)?.entries.map((entry) => entry.id) ?? []);
  });
  const steps = draft.steps.flatMap((step): DraftStep[] => {
    if (step.table !== table || step.chain !== chain) return [step];
    if (step.type === 'replace') return step.rule === id ? [] : [step];
    const rules = step.type === 'delete' ? step.rules : emptied.get(step.id);
    if (!rules?.includes(id)) return [step];
    const others = rules.filter((other) => other !== id);
    if (others.length === 0) return [];
    const notes = step.notes ? { notes: step.notes } : {};
    return [{ id: step.id, table: step.table, chain, type: 'delete', rules: others, ...notes }];
  });
  return withSteps(draft, steps);
}

export function discard(draft: Draft): Draft {
  return draft.steps.length === 0 ? draft : withSteps(draft, []);
}

export function undo(draft: Draft): Draft {
  // a draft that was loaded has no past: its last step is taken back
  const steps = draft.past.at(-1) ?? draft.steps.slice(0, -1);
  if (draft.steps.length === 0 && draft.past.length === 0) return draft;
  return {
    ...draft,
    steps,
    ...replay(draft.base, steps),
    past: draft.past.slice(0, -1),
    future: [...draft.future, draft.steps],
  };
}

export function redo(draft: Draft): Draft {
  const steps = draft.future.at(-1);
  if (!steps) return draft;
  return { ...withSteps(draft, steps), future: draft.future.slice(0, -1) };
}

export function canUndo({ past, steps }: Draft): boolean {
  return past.length > 0 || steps.length > 0;
}

/** The same steps on other rules of the host; what is no longer there makes a step do nothing. */
export function withBase(draft: Draft, base: DraftRules): Draft {
  return { ...draft, base, ...replay(base, draft.steps) };
}
