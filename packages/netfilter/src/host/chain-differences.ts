import type { RuleSet } from '../model.ts';
import type { ChainChange } from '../plan/chain-change.ts';
import { planChange } from '../plan/plan-change.ts';
import { defaultDialect } from '../print/dialect.ts';
import { printRule } from '../print/print.ts';
import { foreignOwner, type OwnerOf } from './foreign.ts';
import { completeRuleSet } from './host-rules.ts';

/** What differs in one chain; numbers are places in the old (removed) and in the new (added) chain, from 1. */
export interface ChainDifferenceView {
  table: string;
  chain: string;
  change: 'created' | 'deleted' | 'changed';
  policy: { from: string; to: string } | null;
  /** a rule that moved is here and in `added` */
  removed: { number: number; text: string }[];
  added: { number: number; text: string }[];
}

/** What changes between two whole rule sets in chains that we own; a table that one of them lacks is empty there. */
export function chainChanges(from: RuleSet, to: RuleSet, ownerOf: OwnerOf = foreignOwner): ChainChange[] {
  const names = [...new Set([...from.tables, ...to.tables].map(({ name }) => name))];
  const whole = (set: RuleSet) => names.reduce((complete, name) => completeRuleSet(complete, name), set);
  const owns = (_table: string, chain: string) => ownerOf(chain) === null;
  return planChange(whole(from), whole(to), { dialect: defaultDialect, owns }).changes;
}

/** The same for people, chain by chain. */
export const chainDifferences = (from: RuleSet, to: RuleSet, ownerOf?: OwnerOf): ChainDifferenceView[] =>
  chainChanges(from, to, ownerOf).map(viewOf);

const byNumber = (a: { number: number }, b: { number: number }) => a.number - b.number;

function viewOf(change: ChainChange): ChainDifferenceView {
  const { table, chain, fate, policy } = change;
  const moved = change.moved.map(({ from, to, rule }) => ({ from, to, text: printRule(rule) }));
  const removed = [
    ...change.removed.map(({ from, rule }) => ({ number: from, text: printRule(rule) })),
    ...change.replaced.map(({ from, before }) => ({ number: from, text: printRule(before) })),
    ...moved.map(({ from, text }) => ({ number: from, text })),
  ];
  const added = [
    ...change.added.map(({ to, rule }) => ({ number: to, text: printRule(rule) })),
    ...change.replaced.map(({ to, after }) => ({ number: to, text: printRule(after) })),
    ...moved.map(({ to, text }) => ({ number: to, text })),
  ];
  return {
    table,
    chain,
    change: fate === 'kept' ? 'changed' : fate,
    policy,
    removed: removed.sort(byNumber),
    added: added.sort(byNumber),
  };
}
