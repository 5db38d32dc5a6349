import { type Chain, printSave, type RuleSet } from '@moru/netfilter';
import type { CarriedChain, RolloutWanted } from '@moru/types';

export type CopyScope = 'rules' | 'chains' | 'all';

/** What somebody has chosen to copy. */
export interface Chosen {
  scope: CopyScope;
  /** `filter INPUT` */
  chains: ReadonlySet<string>;
  /** `filter INPUT 3` */
  rules: ReadonlySet<string>;
}

/** A chain that can be copied. */
export interface OwnChain {
  table: CarriedChain['table'];
  chain: Chain;
  key: string;
}

/** Chains that no other program owns. */
export function ownChains(set: RuleSet, isForeign: (table: string, chain: string) => boolean): OwnChain[] {
  return set.tables.flatMap(({ name, chains }) =>
    chains
      .filter((chain) => !isForeign(name, chain.name))
      .map((chain) => ({ table: name as OwnChain['table'], chain, key: `${name} ${chain.name}` })),
  );
}

/** What is asked of the console; null while nothing is chosen. Chains of other programs go without their rules. */
export function wantedOf(
  instanceId: string,
  set: RuleSet,
  isForeign: (table: string, chain: string) => boolean,
  { scope, chains, rules }: Chosen,
): RolloutWanted | null {
  const own = ownChains(set, isForeign);
  const carried = own.flatMap(({ table, chain, key }): CarriedChain[] => {
    const place = { table, chain: chain.name };
    if (scope === 'all' || (scope === 'chains' && chains.has(key))) return [{ ...place, rules: null }];
    const numbers = chain.rules.flatMap((_, index) => (rules.has(`${key} ${index + 1}`) ? [index + 1] : []));
    return scope === 'rules' && numbers.length > 0 ? [{ ...place, rules: numbers }] : [];
  });
  if (carried.length === 0) return null;
  const tables = set.tables.map((table) => ({
    ...table,
    chains: table.chains.map((chain) =>
      isForeign(table.name, chain.name) ? { ...chain, rules: [] } : chain,
    ),
  }));
  const text = printSave({ ...set, tables });
  return {
    kind: 'copy',
    instanceId,
    family: set.family,
    rules: text,
    chains: scope === 'all' ? null : carried,
  };
}
