import {
  builtInChains,
  type Chain,
  completeRuleSet,
  printRule,
  type Rule,
  type RuleSet,
  ruleText,
  savedText,
  type Table,
} from '@moru/netfilter';
import { ownerOf } from '../foreign/ownership.ts';

/** Tables in the order in which they change: filter, which locks out, after those that only prepare for it. */
export const commitOrder = ['raw', 'mangle', 'nat', 'security', 'filter'];

export const isOwned = (chain: { name: string }): boolean => ownerOf(chain.name) === null;

export function tableOf(set: RuleSet, name: string): Table | undefined {
  return set.tables.find((table) => table.name === name);
}

const ruleLine = (chain: string, rule: Rule) =>
  `[${rule.packets}:${rule.bytes}] -A ${chain} ${printRule(rule)}`.trimEnd();

/** `-N` on a line of its own: unlike a header it never empties a chain that is there already. */
export const foreignCreation = (chain: string): string => `-N ${chain}`;

export type Backend = 'legacy' | 'nf_tables';

/** What is to be said of a table, and how. */
export interface Rewrite {
  /** as it is to be, with the counters that it is to have */
  to: Table;
  /** as it was, or as it is: only the owned chains that differ are written */
  from: Table | undefined;
  /** further owned chains, which are left without a rule */
  emptied: readonly string[];
  backend: Backend;
}

/**
 * The lines of a restore (`-n -c`) that make the owned chains of a table that differ what `to` says, whatever stands
 * in them now: built-in ones with policy and counters and then emptied, others declared, which creates or empties
 * them, rules with their counters. Chains of other programs are not named: naming one empties it. Legacy before
 * 1.8.10 zeroes the counters of every policy that is not given; nft keeps those that are not
 * (reference/iptables.md section 6.1).
 */
export function rewriteLines({ to, from, emptied, backend }: Rewrite): string[] {
  const builtIn = builtInChains[to.name] ?? [];
  const old = new Map(from?.chains.map((chain) => [chain.name, chain]));
  const owned = to.chains.filter(isOwned);
  const rewritten = owned.filter((chain) => !sameRules(chain, old.get(chain.name)));
  const hooks = owned.filter((chain) => builtIn.includes(chain.name));
  const named = hooks.filter(
    (chain) =>
      backend === 'legacy' || rewritten.includes(chain) || old.get(chain.name)?.policy !== chain.policy,
  );
  const isHook = (chain: Chain) => builtIn.includes(chain.name);
  const declared = rewritten.filter((chain) => !isHook(chain)).map((chain) => chain.name);
  return [
    ...named.map((chain) => `:${chain.name} ${chain.policy} [${chain.packets}:${chain.bytes}]`),
    ...[...declared, ...emptied].map((name) => `:${name} - [0:0]`),
    ...rewritten.filter(isHook).map((chain) => `-F ${chain.name}`),
    ...rewritten.flatMap((chain) => chain.rules.map((rule) => ruleLine(chain.name, rule))),
  ];
}

function sameRules(chain: Chain, other: Chain | undefined): boolean {
  return (
    chain.rules.length === other?.rules.length &&
    chain.rules.every((rule, index) => {
      const beside = other.rules[index];
      return beside !== undefined && ruleText(rule) === ruleText(beside);
    })
  );
}

/** Names of the owned chains that `first` has and `second` has not. */
export function ownedOnlyIn(first: Table | undefined, second: Table | undefined): string[] {
  const other = new Set(second?.chains.map((chain) => chain.name));
  return (first?.chains ?? [])
    .filter((chain) => isOwned(chain) && !other.has(chain.name))
    .map((chain) => chain.name);
}

/** Rules as they are written for the next boot (`savedText`), without the date that a dump carries. */
export function ownedSave(set: RuleSet): string {
  const remarks = { before: [], inside: [], after: [] };
  const complete = completeRuleSet(set);
  return savedText({ ...complete, tables: complete.tables.map((table) => ({ ...table, remarks })) }, ownerOf);
}
