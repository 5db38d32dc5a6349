import type { DraftAnchor, DraftStep } from '@moru/types';

/** As `Omit`, for each member of a union by itself. */
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** What a step does, whatever its place in a draft. */
export type DraftEdit = Without<DraftStep, 'id' | 'notes'>;

type Insertion = Extract<DraftEdit, { type: 'insert' }>;

/** An edit whose new rules have no ids yet. */
export type PlannedEdit =
  | Exclude<DraftEdit, { type: 'insert' }>
  | (Omit<Insertion, 'rules'> & { rules: Omit<Insertion['rules'][number], 'id'>[] });

/** Why a step does nothing any more: what it was about is gone, or is there already. */
export type StepProblem = 'ruleMissing' | 'chainMissing' | 'chainExists' | 'chainNotEmpty';

/** The same step with other ids for the rules that it names and brings in. */
export function withRuleIds(step: DraftStep, rename: (id: string) => string): DraftStep {
  const anchor = ({ side, id, other }: DraftAnchor): DraftAnchor => ({
    side,
    id: id === null ? null : rename(id),
    other: other === null ? null : rename(other),
  });
  switch (step.type) {
    case 'insert': {
      const rules = step.rules.map((rule) => ({ ...rule, id: rename(rule.id) }));
      return { ...step, at: anchor(step.at), rules };
    }
    case 'replace':
      return { ...step, rule: rename(step.rule) };
    case 'move':
      return { ...step, rules: step.rules.map(rename), at: anchor(step.at) };
    case 'delete':
    case 'turn':
      return { ...step, rules: step.rules.map(rename) };
    default:
      return step;
  }
}
