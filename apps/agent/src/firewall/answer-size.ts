import type { FirewallChain } from '@moru/types';

/** Of all rules of a state, so that an answer stays below 16 MiB with what stands around it. */
const maxStateBytes = 14 * 1024 * 1024;
/** Names, number, counters and marks of a rule in JSON, beside its text. */
const ruleBytes = 90;

/**
 * Lists as many rules as an answer holds, chain by chain, and tells how many are left out: a host with more rules than
 * that is read and changed all the same.
 */
export function withinAnswer<Table extends { chains: FirewallChain[] }>(
  tables: readonly Table[],
  maxBytes = maxStateBytes,
): Table[] {
  let room = maxBytes;
  return tables.map((table) => ({
    ...table,
    chains: table.chains.map((chain) => {
      const listed = chain.rules.findIndex(({ text }) => {
        room -= Buffer.byteLength(text) + ruleBytes;
        return room < 0;
      });
      if (listed < 0) return chain;
      return { ...chain, rules: chain.rules.slice(0, listed), omitted: chain.rules.length - listed };
    }),
  }));
}
