import type { RuleSet } from '@moru/netfilter';
import type { WantedTables } from './edits-between.ts';

/** A whole rule set as what is wanted; nothing of it is switched off. */
export function wantedOfSet({ tables }: RuleSet): WantedTables {
  return tables.map(({ name, chains }) => ({
    name,
    chains: chains.map((chain) => ({
      ...chain,
      rules: chain.rules.map((rule) => ({ rule, off: false })),
    })),
  }));
}
