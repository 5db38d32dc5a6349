import { commandOf, type Dialect, type RuleEdit } from '@moru/netfilter';
import { applyStep, replay } from './apply-step.ts';
import type { Draft } from './draft.ts';
import { chainOf, type DraftRules, type Entry, numberOf, onHost, readRule } from './draft-rules.ts';
import type { DraftEdit } from './step.ts';

/**
 * The commands that a step equals when it is typed on a host that holds the rules before it, in the order in which
 * they have to be typed. None where nothing on the host changes, as with a rule that is off.
 */
export function commandsOf(step: DraftEdit, before: DraftRules, dialect?: Dialect): string[] {
  const program = before.family === 'ipv6' ? 'ip6tables' : 'iptables';
  return editsOf(step, before).map((edit) => commandOf(edit, program, dialect));
}

/** The commands of each step of a draft, by the step's id. */
export function commandsOfDraft({ base, steps }: Draft, dialect?: Dialect): Map<string, string[]> {
  const all = new Map<string, string[]>();
  replay(base, steps, (step, before) => all.set(step.id, commandsOf(step, before, dialect)));
  return all;
}

function editsOf(step: DraftEdit, before: DraftRules): RuleEdit[] {
  const place = { table: step.table, chain: step.chain };
  const entries = chainOf(before, step.table, step.chain)?.entries ?? [];
  switch (step.type) {
    case 'policy':
      return [{ ...place, type: 'policy', policy: step.policy }];
    case 'newChain':
    case 'deleteChain':
    case 'flush':
      return [{ ...place, type: step.type }];
    case 'insert':
      return insertions(step, before);
    case 'replace': {
      const number = numberOf(entries, step.rule);
      const rule = readRule(step.text, before.family);
      return number === null ? [] : [{ ...place, type: 'replace', number, rule }];
    }
    case 'delete':
      return deletions(step, entries);
    case 'turn':
      return step.off ? deletions(step, entries) : switchedOn(step, before);
    case 'move':
      return moves(step, before);
  }
}

/** From the bottom up, so that no number changes before its turn. */
function deletions(
  { table, chain, rules }: { table: string; chain: string; rules: string[] },
  entries: readonly Entry[],
): RuleEdit[] {
  const named = new Set(rules);
  return onHost(entries)
    .flatMap(({ id, rule }, index): RuleEdit[] =>
      named.has(id) ? [{ type: 'delete', table, chain, rule, number: index + 1 }] : [],
    )
    .reverse();
}

function insertions(step: Extract<DraftEdit, { type: 'insert' }>, before: DraftRules): RuleEdit[] {
  const { rules } = applyStep(before, step);
  return placed(
    step,
    rules,
    step.rules.map(({ id }) => id),
  );
}

function switchedOn(step: Extract<DraftEdit, { type: 'turn' }>, before: DraftRules): RuleEdit[] {
  const off = chainOf(before, step.table, step.chain)?.entries.filter((entry) => entry.off) ?? [];
  const named = off.map(({ id }) => id).filter((id) => step.rules.includes(id));
  return placed(step, applyStep(before, step).rules, named);
}

/** Each rule at the number that it has in the end, from the top down. */
function placed({ table, chain }: DraftEdit, after: DraftRules, ids: readonly string[]): RuleEdit[] {
  const named = new Set(ids);
  const entries = onHost(chainOf(after, table, chain)?.entries ?? []);
  const lastOther = entries.findLastIndex(({ id }) => !named.has(id));
  const edits: RuleEdit[] = [];
  for (const [index, { id, rule }] of entries.entries()) {
    if (!named.has(id)) continue;
    edits.push(
      index > lastOther
        ? { type: 'append', table, chain, rule }
        : { type: 'insert', table, chain, rule, number: index + 1 },
    );
  }
  return edits;
}

function moves(step: Extract<DraftEdit, { type: 'move' }>, before: DraftRules): RuleEdit[] {
  const { rules: after } = applyStep(before, step);
  const entries = chainOf(before, step.table, step.chain)?.entries ?? [];
  return [...deletions(step, entries), ...placed(step, after, step.rules)];
}
