import type { FirewallZero } from '@moru/types';
import { chainOf, onHost } from '../drafts/draft-rules.ts';
import type { Session } from '../drafts/session.ts';

/** Whose counters are meant: a rule's, a chain's, or all of a table that are nobody else's. */
export type ZeroTarget = Pick<FirewallZero, 'table' | 'chain' | 'rule'>;

/** The rule that has this number on the host now, with its text as the host told it. */
export function hostRule({ host }: Session, table: string, chain: string, number: number): ZeroTarget | null {
  const found = host.state.tables
    .find(({ name }) => name === table)
    ?.chains.find(({ name }) => name === chain);
  const text = found?.rules[number - 1]?.text;
  if (!found || text === undefined) return null;
  return { table: table as ZeroTarget['table'], chain, rule: { number, text } };
}

/**
 * The rule that has this number in the draft, as it stands on the host; null for one that is not there, or stands there
 * in other words.
 */
export function draftRule(session: Session, table: string, chain: string, number: number): ZeroTarget | null {
  const { draft } = session;
  const wanted = onHost(chainOf(draft.rules, table, chain)?.entries ?? [])[number - 1];
  const there = onHost(chainOf(draft.base, table, chain)?.entries ?? []);
  const index = there.findIndex(({ id, rule }) => id === wanted?.id && rule === wanted.rule);
  return index < 0 ? null : hostRule(session, table, chain, index + 1);
}

/** The command that does the same, typed on the host. */
export function zeroCommand({ table, chain, rule }: ZeroTarget): string {
  const words = ['sudo iptables', ...(table === 'filter' ? [] : ['-t', table]), '-Z'];
  return [...words, ...(chain === null ? [] : [chain]), ...(rule === null ? [] : [rule.number])].join(' ');
}
