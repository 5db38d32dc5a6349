import { dialectOf, planChange, type RuleSet } from '@moru/netfilter';
import { type FieldError, ProblemError } from '@moru/types';
import type { Iptables } from '../firewall/tools.ts';
import { commitOrder, foreignCreation, isOwned, tableOf } from './rewrite.ts';

export interface TablePayload {
  table: string;
  /** lines of a restore with `-n -c`, without `*table` and COMMIT */
  lines: string[];
}

/**
 * What turns the owned chains of `current` into those of `wanted`, per table of `tables`, in the order in which they
 * are to be committed; the smallest that does, so that whatever others put beside it stays. Both are complete
 * (`completeRuleSet`). Throws ProblemError `rule.invalid` for a change that cannot be written down.
 */
export function planPayload(
  current: RuleSet,
  wanted: RuleSet,
  tables: readonly string[],
  { version }: Iptables,
): TablePayload[] {
  const dialect = dialectOf(version.version, version.backend === 'legacy' ? 'legacy' : 'nft');
  const only = (set: RuleSet) => ({ ...set, tables: set.tables.filter(({ name }) => tables.includes(name)) });
  const owns = (_table: string, chain: string) => isOwned({ name: chain });
  const created = foreignCreated(current, wanted, tables);
  const { payload, findings } = planChange(only(withChains(current, created)), only(wanted), {
    dialect,
    owns,
  });
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) {
    const fields = errors.map(({ field, code, params }): FieldError => ({ field, code, params }));
    throw new ProblemError('rule.invalid', { fields });
  }
  const planned = new Map(
    payload.tables.map(({ table, text }) => [table, text.trimEnd().split('\n').slice(1, -1)]),
  );
  return commitOrder.flatMap((table) => {
    const lines = planned.get(table);
    const creations = created.filter((each) => each.table === table).map(({ name }) => foreignCreation(name));
    return lines ? [{ table, lines: [...creations, ...lines] }] : [];
  });
}

interface ChainName {
  table: string;
  name: string;
}

/** Chains of other programs that the wanted rules lead to and that nobody has made yet. */
function foreignCreated(current: RuleSet, wanted: RuleSet, tables: readonly string[]): ChainName[] {
  return tables.flatMap((table) => {
    const known = new Set(tableOf(current, table)?.chains.map(({ name }) => name));
    return (tableOf(wanted, table)?.chains ?? [])
      .filter((chain) => !isOwned(chain) && !known.has(chain.name))
      .map(({ name }) => ({ table, name }));
  });
}

/** The set as it is once those chains were made. */
function withChains(set: RuleSet, made: readonly ChainName[]): RuleSet {
  const empty = { policy: null, packets: 0n, bytes: 0n, rules: [] };
  const tables = set.tables.map((table) => {
    const chains = made.filter((each) => each.table === table.name).map(({ name }) => ({ name, ...empty }));
    return { ...table, chains: [...table.chains, ...chains] };
  });
  return { ...set, tables };
}
