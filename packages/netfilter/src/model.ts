import type { KnownMatch } from './extensions/matches/registry.ts';
import type { KnownTarget } from './extensions/targets/registry.ts';

export type Family = 'ipv4' | 'ipv6';
export type Policy = 'ACCEPT' | 'DROP';

/** A value that a `!` before its option turns round. */
export interface Negatable<T> {
  negated: boolean;
  value: T;
}

/** A match that the registry has no description of: its words as they stood after the name. */
export interface UnmodelledMatch {
  name: string;
  modelled: false;
  /** source text of its options, quotes included, without the leading blank; may be empty */
  text: string;
}

/** What to do at once: the four targets that are part of the table itself. */
export interface VerdictTarget {
  kind: 'verdict';
  name: 'ACCEPT' | 'DROP' | 'RETURN' | 'QUEUE';
  modelled: true;
}

/** A jump (`-j`) or goto (`-g`) to a chain of the same table. */
export interface ChainTarget {
  kind: 'chain';
  name: string;
  goto: boolean;
  modelled: true;
}

/** A target extension that the registry has no description of. */
export interface UnmodelledTarget {
  kind: 'extension';
  name: string;
  modelled: false;
  text: string;
}

export type Match = KnownMatch | UnmodelledMatch;
export type Target = VerdictTarget | ChainTarget | KnownTarget | UnmodelledTarget;

/**
 * One rule without its chain. Null means "not tested".
 * Addresses are canonical text with a prefix length (`10.0.0.0/8`), or with a dotted mask where the mask has
 * holes (`10.1.0.3/255.255.0.255`); protocols are numbers (6 = tcp).
 */
export interface Rule {
  packets: bigint;
  bytes: bigint;
  source: Negatable<string> | null;
  destination: Negatable<string> | null;
  inInterface: Negatable<string> | null;
  outInterface: Negatable<string> | null;
  protocol: Negatable<number> | null;
  /** true: second and further fragments (`-f`); false: all others (`! -f`) */
  fragment: boolean | null;
  matches: Match[];
  /** null: the rule only counts */
  target: Target | null;
  /** the whole rule as it stood, for one that could not be read (`parseSave` with `unreadable: 'keep'`) */
  verbatim: string | null;
  /** comment lines that stood before the rule in a hand-written file */
  remarks: string[] | null;
}

export interface Chain {
  name: string;
  /** null for chains that are not built in */
  policy: Policy | null;
  packets: bigint;
  bytes: bigint;
  rules: Rule[];
}

export interface Table {
  name: string;
  chains: Chain[];
  /** comment lines around the table, as `iptables-save` writes them with version and date */
  remarks: TableRemarks;
}

export interface TableRemarks {
  before: string[];
  /** after the last rule, ahead of COMMIT */
  inside: string[];
  after: string[];
}

export interface RuleSet {
  family: Family;
  tables: Table[];
}

/** An empty rule: matches everything, does nothing. */
export function blankRule(): Rule {
  return {
    packets: 0n,
    bytes: 0n,
    source: null,
    destination: null,
    inInterface: null,
    outInterface: null,
    protocol: null,
    fragment: null,
    matches: [],
    target: null,
    verbatim: null,
    remarks: null,
  };
}

/** Built-in chains of each table in hook order, which is the order of `iptables-save`. */
export const builtInChains: Readonly<Record<string, readonly string[]>> = {
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  raw: ['PREROUTING', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
};

/** Whether the kernel makes this chain itself (only such a chain has a policy). */
export function isBuiltIn(table: string, chain: string): boolean {
  return builtInChains[table]?.includes(chain) ?? false;
}

/** False when any part of the rule is kept as text only. */
export function isModelled(rule: Rule): boolean {
  return rule.verbatim === null && rule.target?.modelled !== false && rule.matches.every((m) => m.modelled);
}
