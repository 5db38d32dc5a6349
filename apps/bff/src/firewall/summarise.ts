import { blankRule, exposure, NetfilterError, parseRule, type Rule } from '@moru/netfilter';
import type { FirewallRule, FirewallState, FirewallSummary } from '@moru/types';

/** The list's view of a state that was just read: filter INPUT's policy and what it opens to everybody. */
export function summarise(state: FirewallState): FirewallSummary {
  const remarks = { before: [], inside: [], after: [] };
  const tables = state.tables.map(({ name, chains }) => ({
    name,
    remarks,
    chains: chains.map((chain) => {
      // of everything else only its presence counts, and a host may have thousands of rules
      const read =
        name === 'filter' && (chain.name === 'INPUT' || chain.owner === 'foreign') ? ruleOf : blankRule;
      return { ...chain, packets: 0n, bytes: 0n, rules: chain.rules.map((rule) => read(rule)) };
    }),
  }));
  return {
    agent: 'connected',
    readAt: state.readAt,
    ...exposure({ family: state.family, tables }, { otherRules: state.otherBackend }),
    unsaved: state.saved.matches === null ? null : !state.saved.matches,
    outside: state.outside === undefined ? null : state.outside !== null,
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
