import {
  abbreviateCounter,
  blankRule,
  NetfilterError,
  parseRule,
  printListing,
  type Rule,
  type RuleSet,
} from '@moru/netfilter';
import type { FirewallChain, FirewallState, TableName } from '@moru/types';

const known = new WeakMap<FirewallState, RuleSet>();

/** The state's rules as netfilter reads them. A rule that cannot be read is kept as its text. */
export function ruleSetOf(state: FirewallState): RuleSet {
  const before = known.get(state);
  if (before) return before;
  const remarks = { before: [], inside: [], after: [] };
  const set: RuleSet = {
    family: state.family,
    tables: state.tables.map((table) => ({
      name: table.name,
      remarks,
      chains: table.chains.map((chain) => ({
        name: chain.name,
        policy: chain.policy,
        packets: BigInt(chain.packets),
        bytes: BigInt(chain.bytes),
        rules: chain.rules.map((rule) => ({
          ...read(rule.text, state.family),
          packets: BigInt(rule.packets),
          bytes: BigInt(rule.bytes),
        })),
      })),
    })),
  };
  known.set(state, set);
  return set;
}

function read(text: string, family: FirewallState['family']): Rule {
  try {
    return parseRule(text, { family });
  } catch (error) {
    if (error instanceof NetfilterError) return { ...blankRule(), verbatim: text };
    throw error;
  }
}

/** Which rule of a chain is meant, whatever its number becomes: its text, and which one it is among equals. */
export interface RuleMark {
  number: number;
  text: string;
  /** how many equal rules stand above it */
  rank: number;
}

/** A rule as the grid shows it: its place, its text as the host has it, and what netfilter made of that. */
export interface RuleRow extends RuleMark {
  rule: Rule;
  /** as iptables abbreviates it: 100K */
  packets: string;
  /** the whole number */
  exactPackets: string;
}

export function chainOf(state: FirewallState, table: TableName, name: string): FirewallChain | undefined {
  return state.tables
    .find((candidate) => candidate.name === table)
    ?.chains.find((chain) => chain.name === name);
}

/**
 * The number at which a rule stands now: of equal rules the one with the same rank, else the nearest to where it
 * was, for equal rules are interchangeable. Null when it is gone.
 */
export function numberNow(
  rules: readonly { number: number; text: string }[],
  { number, text, rank }: RuleMark,
): number | null {
  const equals = rules.filter((rule) => rule.text === text).map((rule) => rule.number);
  const distance = (other: number) => Math.abs(other - number);
  return equals[rank] ?? equals.sort((one, other) => distance(one) - distance(other))[0] ?? null;
}

export function rowsOf(state: FirewallState, table: TableName, chain: FirewallChain): RuleRow[] {
  const rules =
    ruleSetOf(state)
      .tables.find((candidate) => candidate.name === table)
      ?.chains.find((candidate) => candidate.name === chain.name)?.rules ?? [];
  const seen = new Map<string, number>();
  return chain.rules.map((row, index) => {
    const rank = seen.get(row.text) ?? 0;
    seen.set(row.text, rank + 1);
    return {
      number: row.number,
      text: row.text,
      rank,
      rule: rules[index] ?? blankRule(),
      packets: abbreviateCounter(BigInt(row.packets)),
      exactPackets: row.packets,
    };
  });
}

/** The ten columns of `iptables -nL --line-numbers --verbose`, and what the matches add behind them. */
export type ListingRow = [
  num: string,
  pkts: string,
  bytes: string,
  target: string,
  prot: string,
  opt: string,
  inInterface: string,
  outInterface: string,
  source: string,
  destination: string,
  rest: string,
];

/** One chain's lines of the listing, cut into their columns. */
export function listingOf(state: FirewallState, table: TableName, chain: FirewallChain): ListingRow[] {
  const set = ruleSetOf(state);
  const rules =
    set.tables.find(({ name }) => name === table)?.chains.find(({ name }) => name === chain.name)?.rules ??
    [];
  const lines = sectionOf(printListing(set, table), chain.name);
  return lines.map((line, index) => columnsOf(line, rules[index]?.target === null));
}

function sectionOf(listing: string, chain: string): string[] {
  const lines = listing.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`Chain ${chain} (`));
  const end = lines.findIndex((line, index) => index > start && line.startsWith('Chain '));
  const section = start < 0 ? [] : lines.slice(start + 2, end < 0 ? undefined : end);
  return section.filter((line) => line !== '');
}

function columnsOf(line: string, withoutTarget: boolean): ListingRow {
  const words = line.trim().split(/\s+/);
  if (withoutTarget) words.splice(3, 0, '');
  const [num = '', pkts = '', bytes = '', target = '', prot = '', opt = '', ...others] = words;
  const [inInterface = '', outInterface = '', source = '', destination = '', ...rest] = others;
  return [
    num,
    pkts,
    bytes,
    target,
    prot,
    opt,
    inInterface,
    outInterface,
    source,
    destination,
    rest.join(' '),
  ];
}
