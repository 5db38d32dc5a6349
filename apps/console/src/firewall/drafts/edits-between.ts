import {
  blankRule,
  type ChainChange,
  defaultDialect,
  type Policy,
  planChange,
  type Rule,
  type RuleSet,
} from '@moru/netfilter';
import type { TableName } from '@moru/types';
import { chainOf, type DraftChain, type DraftRules, type Entry, onHost, textOf } from './draft-rules.ts';
import type { PlannedEdit } from './step.ts';

export interface WantedRule {
  rule: Rule;
  off: boolean;
}

export interface WantedChain {
  name: string;
  policy: Policy | null;
  rules: readonly WantedRule[];
}

/** Whole tables as somebody wants them; tables that are not named stay as they are. */
export type WantedTables = readonly { name: string; chains: readonly WantedChain[] }[];

/**
 * The fewest edits that lead from a draft's rules to these: rules that stay keep their ids, and with them their
 * counters. Chains of other programs are left as they are, whatever is said of them. Rules that are off stay off where
 * they are; with `offAsSaid` it is `wanted` that tells of them as well.
 */
export function editsBetween(
  given: DraftRules,
  wanted: WantedTables,
  { offAsSaid = false } = {},
): PlannedEdit[] {
  const now = offAsSaid ? given : withoutOff(given);
  const foreign = new Set(
    now.tables.flatMap((table) =>
      table.chains.filter((chain) => chain.foreign).map((chain) => `${table.name} ${chain.name}`),
    ),
  );
  const isOwned = (table: string, chain: string) => !foreign.has(`${table} ${chain}`);
  const tables = wanted.map(({ name, chains }) => ({
    name,
    chains: chains.filter((chain) => isOwned(name, chain.name)),
  }));
  const { changes } = planChange(
    setOf(now.family, now.tables.map(entriesAsRules)),
    setOf(now.family, tables),
    {
      dialect: defaultDialect,
      owns: isOwned,
    },
  );
  return inOrder(changes).flatMap((change) => editsOf(change, chainOf(now, change.table, change.chain)));
}

function withoutOff(rules: DraftRules): DraftRules {
  const tables = rules.tables.map((table) => ({
    ...table,
    chains: table.chains.map((chain) => ({ ...chain, entries: onHost(chain.entries) })),
  }));
  return { ...rules, tables };
}

const entriesAsRules = ({ name, chains }: DraftRules['tables'][number]): WantedTables[number] => ({
  name,
  chains: chains.map(({ entries, ...chain }) => ({ ...chain, rules: entries })),
});

function setOf(family: DraftRules['family'], tables: WantedTables): RuleSet {
  const remarks = { before: [], inside: [], after: [] };
  return {
    family,
    tables: tables.map(({ name, chains }) => ({
      name,
      remarks,
      chains: chains.map(({ name: chain, policy, rules }) => ({
        name: chain,
        policy,
        packets: 0n,
        bytes: 0n,
        rules: rules.map(comparable),
      })),
    })),
  };
}

// no rule begins so: one that is off is another rule than the same one that is on
const offSign = '#';

const comparable = ({ rule, off }: WantedRule | Entry): Rule =>
  off ? { ...blankRule(), verbatim: `${offSign}${textOf(rule)}` } : rule;

/** New chains first, since rules may lead to them; chains that go last. */
function inOrder(changes: readonly ChainChange[]): ChainChange[] {
  const rank = { created: 0, kept: 1, deleted: 2 };
  return changes.toSorted((a, b) => rank[a.fate] - rank[b.fate]);
}

function editsOf(change: ChainChange, chain: DraftChain | undefined): PlannedEdit[] {
  const place = { table: change.table as TableName, chain: change.chain };
  const entries = chain?.entries ?? [];
  if (change.fate === 'deleted') {
    const emptied: PlannedEdit[] = entries.length > 0 ? [{ ...place, type: 'flush' }] : [];
    return [...emptied, { ...place, type: 'deleteChain' }];
  }
  const idAt = (from: number) => entries[from - 1]?.id ?? '';
  const removed = change.removed.map(({ from }) => idAt(from));
  return [
    ...(change.fate === 'created' ? [{ ...place, type: 'newChain' } as const] : []),
    ...(change.policy ? [{ ...place, type: 'policy', policy: change.policy.to } as const] : []),
    ...change.replaced.flatMap(({ from, after }) => replacement(place, entries[from - 1], after)),
    ...(removed.length > 0 ? [{ ...place, type: 'delete', rules: removed } as const] : []),
    ...arrivals(place, change, idAt),
  ];
}

interface Place {
  table: TableName;
  chain: string;
}

/** A rule that was held as text because it is off, or its text. */
function unwrapped({ verbatim }: Rule): string | null {
  return verbatim?.startsWith(offSign) ? verbatim.slice(offSign.length) : null;
}

function replacement(place: Place, entry: Entry | undefined, after: Rule): PlannedEdit[] {
  if (!entry) return [];
  const offText = unwrapped(after);
  const text = offText ?? textOf(after);
  const edits: PlannedEdit[] = [];
  if (text !== textOf(entry.rule)) edits.push({ ...place, type: 'replace', rule: entry.id, text });
  if (entry.off !== (offText !== null)) {
    edits.push({ ...place, type: 'turn', rules: [entry.id], off: offText !== null });
  }
  return edits;
}

/** Rules that come or move, from the top down, each before the next one that keeps its place. */
function arrivals(place: Place, change: ChainChange, idAt: (from: number) => string): PlannedEdit[] {
  const staying = [
    ...change.kept.flatMap(({ from, to, count }) =>
      Array.from({ length: count }, (_, index) => ({ to: to + index, id: idAt(from + index) })),
    ),
    ...change.replaced.map(({ from, to }) => ({ to, id: idAt(from) })),
  ].sort((a, b) => a.to - b.to);
  const coming = [
    ...change.moved.map(({ from, to }) => ({ to, id: idAt(from), rule: null })),
    ...change.added.map(({ to, rule }) => ({ to, id: null, rule })),
  ].sort((a, b) => a.to - b.to);
  let next = 0;
  return coming.flatMap(({ to, id, rule }): PlannedEdit[] => {
    while (next < staying.length && (staying[next]?.to ?? 0) < to) next += 1;
    const at = {
      side: 'before' as const,
      id: staying[next]?.id ?? null,
      other: staying[next - 1]?.id ?? null,
    };
    if (id !== null) return [{ ...place, type: 'move', rules: [id], at }];
    const offText = unwrapped(rule);
    const added = offText === null ? { text: textOf(rule) } : { text: offText, off: true as const };
    return [{ ...place, type: 'insert', at, rules: [added] }];
  });
}
