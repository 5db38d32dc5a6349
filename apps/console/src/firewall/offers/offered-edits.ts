import type { KeepAccessStep } from '@moru/types';
import { atNumber } from '../drafts/command-edits.ts';
import { chainOf, type DraftRules, onHost, textOf } from '../drafts/draft-rules.ts';
import type { PlannedEdit } from '../drafts/step.ts';

const input = { table: 'filter', chain: 'INPUT' } as const;

/**
 * From "everything is let in" to "only what is named": what the host says to itself, answers, SSH from where the
 * administrator is (from everywhere where that is not known), then DROP for the rest. What is there already is left out.
 */
export function denyByDefault(rules: DraftRules, administrator: string | null): PlannedEdit[] {
  const chain = chainOf(rules, input.table, input.chain);
  const entries = chain?.entries ?? [];
  const there = new Set(entries.filter(({ off }) => !off).map(({ rule }) => textOf(rule)));
  const from = administrator === null ? '' : `-s ${administrator}/32 `;
  const wanted = [
    '-i lo -j ACCEPT',
    '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    `${from}-p tcp -m tcp --dport 22 -j ACCEPT`,
  ].filter((text) => !there.has(text));
  const at = { side: 'before', id: null, other: entries.at(-1)?.id ?? null } as const;
  return [
    ...(wanted.length > 0
      ? [{ ...input, type: 'insert' as const, at, rules: wanted.map((text) => ({ text })) }]
      : []),
    ...(chain?.policy === 'DROP' ? [] : [{ ...input, type: 'policy' as const, policy: 'DROP' as const }]),
  ];
}

/** 「Moru 접속 유지」: the rules that keep the console's way, each first in its chain. */
export function keepAccess(rules: DraftRules, steps: readonly KeepAccessStep[]): PlannedEdit[] {
  return steps.map(({ table, chain, number, rule }) => ({
    table,
    chain,
    type: 'insert',
    at: atNumber(onHost(chainOf(rules, table, chain)?.entries ?? []), number),
    rules: [{ text: rule }],
  }));
}
