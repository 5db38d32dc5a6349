import { blankRule, exposure, NetfilterError, parseRule, type Rule } from '@moru/netfilter';
import type { FirewallRule, FirewallState, FirewallSummary } from '@moru/types';

/** The list's view of a state that was just read: filter INPUT's policy and what it opens to everybody. */
export function summarise(state: FirewallState): FirewallSummary {
  const filter = state.tables.find(({ name }) => name === 'filter');
  const input = filter?.chains.filter(({ name }) => name === 'INPUT') ?? [];
  const chains = input.map(({ name, policy, rules }) => ({
    name,
    policy,
    packets: 0n,
    bytes: 0n,
    rules: rules.map(ruleOf),
  }));
  const remarks = { before: [], inside: [], after: [] };
  return {
    agent: 'connected',
    readAt: state.readAt,
    ...exposure({ family: state.family, tables: [{ name: 'filter', chains, remarks }] }),
    unsaved: state.saved.matches === null ? null : !state.saved.matches,
  };
}

/** A rule that our grammar does not know is kept as text, before which `exposure` stops judging. */
function ruleOf({ text }: FirewallRule): Rule {
  try {
    return parseRule(text);
  } catch (error) {
    if (error instanceof NetfilterError) return { ...blankRule(), verbatim: text };
    throw error;
  }
}
