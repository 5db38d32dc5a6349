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

/** A rule as the grid shows it: its place, its text as the host has it, and what netfilter made of that. */
export interface RuleRow {
  number: number;
  text: string;
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

export function rowsOf(state: FirewallState, table: TableName, chain: FirewallChain): RuleRow[] {
  const rules =
    ruleSetOf(state)
      .tables.find((candidate) => candidate.name === table)
      ?.chains.find((candidate) => candidate.name === chain.name)?.rules ?? [];
  return chain.rules.map((row, index) => ({
    number: row.number,
    text: row.text,
    rule: rules[index] ?? blankRule(),
    packets: abbreviateCounter(BigInt(row.packets)),
    exactPackets: row.packets,
  }));
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
