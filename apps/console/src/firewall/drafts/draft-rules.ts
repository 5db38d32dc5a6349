import {
  blankRule,
  type Family,
  foreignOwner,
  type Identified,
  isBuiltIn,
  NetfilterError,
  type Policy,
  parseRule,
  type Rule,
  type RuleSet,
  ruleText,
} from '@moru/netfilter';
import type { OffRule } from '@moru/types';

/** A rule of a draft. Its id stays with it wherever it moves and however it is edited. */
export interface Entry {
  id: string;
  rule: Rule;
  /** kept in its place in Moru, but not on the host */
  off: boolean;
}

export interface DraftChain {
  name: string;
  /** null for chains that are not built in */
  policy: Policy | null;
  packets: bigint;
  bytes: bigint;
  /** another program's: shown, never written */
  foreign: boolean;
  entries: readonly Entry[];
}

export interface DraftTable {
  name: string;
  chains: readonly DraftChain[];
}

/** The rules of one family as a draft sees them. */
export interface DraftRules {
  family: Family;
  tables: readonly DraftTable[];
}

/** Whether a chain is another program's, as the host tells it. */
export type IsForeign = (table: string, chain: string) => boolean;

/** What a host holds, with the rules that are switched off at their places. */
export function draftRulesOf(
  { set, ids }: Identified,
  off: readonly OffRule[] = [],
  isForeign: IsForeign = (_table, chain) => foreignOwner(chain) !== null,
): DraftRules {
  const tables = set.tables.map((table) => ({
    name: table.name,
    chains: table.chains.map(({ rules, ...chain }): DraftChain => {
      const own = ids.get(`${table.name} ${chain.name}`) ?? [];
      const entries = rules.map((rule, index): Entry => ({ id: own[index] ?? '', rule, off: false }));
      const switchedOff = off.filter((each) => each.table === table.name && each.chain === chain.name);
      return {
        ...chain,
        foreign: isForeign(table.name, chain.name),
        entries: switchedOff.reduce((held, one) => withOff(held, one, set.family), entries),
      };
    }),
  }));
  return { family: set.family, tables };
}

function withOff(entries: Entry[], { id, text, previous, next }: OffRule, family: Family): Entry[] {
  if (entries.some((entry) => entry.id === id)) return entries;
  const at = placeOf(entries, { side: 'after', id: previous, other: next });
  return entries.toSpliced(at, 0, { id, rule: readRule(text, family), off: true });
}

/** Index at which a place lies now. Where both neighbours are gone it is the end of the chain. */
export function placeOf(
  entries: readonly Entry[],
  { side, id, other }: { side: 'before' | 'after'; id: string | null; other: string | null },
): number {
  const behind = side === 'after';
  if (id === null) return behind ? 0 : entries.length;
  const at = entries.findIndex((entry) => entry.id === id);
  if (at >= 0) return behind ? at + 1 : at;
  if (other === null) return behind ? entries.length : 0;
  const beside = entries.findIndex((entry) => entry.id === other);
  if (beside < 0) return entries.length;
  return behind ? beside : beside + 1;
}

/** The rules that would stand on the host. */
export function ruleSetOf({ family, tables }: DraftRules): RuleSet {
  const remarks = { before: [], inside: [], after: [] };
  return {
    family,
    tables: tables.map(({ name, chains }) => ({
      name,
      remarks,
      chains: chains.map((chain) => ({
        name: chain.name,
        policy: chain.policy,
        packets: chain.packets,
        bytes: chain.bytes,
        rules: onHost(chain.entries).map(({ rule }) => rule),
      })),
    })),
  };
}

/** The rules of a chain that have a number. */
export function onHost(entries: readonly Entry[]): readonly Entry[] {
  return entries.some(({ off }) => off) ? entries.filter(({ off }) => !off) : entries;
}

/** The number that iptables gives a rule, from 1; null for one that is off or gone. */
export function numberOf(entries: readonly Entry[], id: string): number | null {
  let number = 0;
  for (const entry of entries) {
    if (!entry.off) number += 1;
    if (entry.id === id) return entry.off ? null : number;
  }
  return null;
}

export function tableOf({ tables }: DraftRules, name: string): DraftTable | undefined {
  return tables.find((table) => table.name === name);
}

export function chainOf(rules: DraftRules, table: string, name: string): DraftChain | undefined {
  return tableOf(rules, table)?.chains.find((chain) => chain.name === name);
}

/** Puts a chain in the place of the one of its name, or adds it; null takes that one away. */
export function withChain(
  rules: DraftRules,
  table: string,
  name: string,
  chain: DraftChain | null,
): DraftRules {
  const tables = rules.tables.map((each) => {
    if (each.name !== table) return each;
    const at = each.chains.findIndex((other) => other.name === name);
    if (chain === null) return { ...each, chains: each.chains.toSpliced(at, at < 0 ? 0 : 1) };
    return { ...each, chains: at < 0 ? [...each.chains, chain] : each.chains.with(at, chain) };
  });
  return { ...rules, tables };
}

export function emptyChain(table: string, name: string): DraftChain {
  const policy = isBuiltIn(table, name) ? 'ACCEPT' : null;
  return { name, policy, packets: 0n, bytes: 0n, foreign: false, entries: [] };
}

// bounded: texts come from whoever writes rules on a host
const knownTexts = 50_000;
const known: Record<Family, Map<string, Rule>> = { ipv4: new Map(), ipv6: new Map() };

/** A rule of its text; equal texts are one object. What cannot be read is held as text. */
export function readRule(text: string, family: Family): Rule {
  const map = known[family];
  const before = map.get(text);
  if (before) return before;
  if (map.size >= knownTexts) map.clear();
  const rule = parseOrKeep(text, family);
  map.set(text, rule);
  return rule;
}

function parseOrKeep(text: string, family: Family): Rule {
  try {
    return parseRule(text, { family });
  } catch (error) {
    if (error instanceof NetfilterError) return { ...blankRule(), verbatim: text };
    throw error;
  }
}

/** A rule in save form, without `-A CHAIN`. */
export const textOf = ruleText;
