import { createHash } from 'node:crypto';
import { builtInChains, canonicalText, type RuleSet, type Table } from '@moru/netfilter';
import { tableNameSchema } from '@moru/types';

/** The order in which tables are shown; the kernel's own varies (reference/iptables.md section 1.2). */
const tableOrder: readonly string[] = tableNameSchema.options;

function withBuiltIns(table: Table): Table {
  const names = builtInChains[table.name] ?? [];
  const found = names.map(
    (name) =>
      table.chains.find((chain) => chain.name === name) ?? {
        name,
        policy: 'ACCEPT' as const,
        packets: 0n,
        bytes: 0n,
        rules: [],
      },
  );
  return { ...table, chains: [...found, ...table.chains.filter((chain) => !names.includes(chain.name))] };
}

/**
 * The same rules in one shape, whatever the host has touched so far: a table that nobody used yet does not exist
 * in legacy, and nft may lack built-in chains. Tables stand in the fixed order; `filter`, and the one that is
 * asked for, are always there, if need be with empty chains and policy ACCEPT, which is how they then behave.
 */
export function complete(set: RuleSet, wanted = 'filter'): RuleSet {
  const remarks = { before: [], inside: [], after: [] };
  const tables = tableOrder.flatMap((name) => {
    const table = set.tables.find((each) => each.name === name);
    if (table) return [withBuiltIns(table)];
    return name === 'filter' || name === wanted ? [withBuiltIns({ name, chains: [], remarks })] : [];
  });
  return { ...set, tables };
}

/** The owned rules as one text; equal for rule sets that do the same with what is ours. */
export function ownedText(set: RuleSet): string {
  return canonicalText(complete(set));
}

/** SHA-256 (hex) of the owned rules, without counters (design/safe-change.md, step 1). */
export function revisionOf(set: RuleSet): string {
  return createHash('sha256').update(ownedText(set)).digest('hex');
}
