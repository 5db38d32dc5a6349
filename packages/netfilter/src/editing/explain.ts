import { jumpOf } from '../check/chain-graph.ts';
import { foreignOwner } from '../host/foreign.ts';
import { type Chain, isBuiltIn, type Rule, type RuleSet, type Table } from '../model.ts';
import { printRule } from '../print/print.ts';
import type { ChainsCommand, Command, InsertCommand, ReplaceCommand, RulesCommand } from '../read/command.ts';
import { findRule } from './apply-command.ts';

/** Something that an administrator should know of a command before it runs; the console has words for each. */
export interface Advice {
  code: AdviceCode;
  /** `info`: what the command does and does not; `warning`: it will not do what it looks like, or does more */
  severity: 'info' | 'warning';
  params: Record<string, string | number>;
}

export type AdviceCode =
  /** ACCEPT at the end of a chain whose policy is ACCEPT (params chain, policy), and DROP likewise */
  | 'rule.changesNothing'
  /** a rule before it ends every packet (params chain, number) */
  | 'rule.unreachable'
  /** an equal rule is there already (params chain, number) */
  | 'rule.again'
  /** 0.0.0.0 or :: in place of the server's address (params field, value) */
  | 'address.placeholder'
  /** `-C` is called a packet test in the guide */
  | 'check.asksOnly'
  /** the rule that a number means now (params chain, number, rule) */
  | 'delete.means'
  /** several rules are equal, the first goes (params count, number) */
  | 'delete.first'
  | 'save.printsOnly'
  /** nothing on Ubuntu with netplan loads the file at boot (params path) */
  | 'save.notLoaded'
  /** the file is relative to where the command runs (params path, meant) */
  | 'path.relative'
  /** rules of other programs go too (params owner, chain, rules) */
  | 'foreign.emptied'
  /** the jump to another program's chain goes (params owner, chain, from) */
  | 'foreign.jumpRemoved'
  | 'foreign.chainRemoved'
  | 'foreign.countersZeroed'
  /** a chain without rules and policy DROP lets nothing through (params chain) */
  | 'flush.dropsAll'
  /** not of this name, but of one that differs by case (params chain, meant) */
  | 'chain.case'
  /** without `-n` the file replaces every rule of its tables, those of other programs too */
  | 'restore.replaces'
  | 'restore.readsInput';

/**
 * What a command does and does not do on a host with these rules, as data. Empty when there is nothing to say.
 * Reads the rules as they are before the command; those of the other family say nothing about it. Source of the points: reference/guide-traps.md.
 */
export function explainCommand(command: Command, given: RuleSet): Advice[] {
  const known = !('family' in command) || command.family === given.family;
  const set = known ? given : { ...given, tables: [] };
  switch (command.kind) {
    case 'append':
    case 'insert':
      return explainRules(command, tableOf(set, command.table));
    case 'replace':
      return [...placeholders(command.rule), ...explainReplace(command, tableOf(set, command.table))];
    case 'check':
      return [advice('check.asksOnly', 'info'), ...caseTrap(command.chain, tableOf(set, command.table))];
    case 'delete':
      return explainDelete(command, tableOf(set, command.table));
    case 'deleteAt': {
      const chain = chainOf(tableOf(set, command.table), command.chain);
      const rule = chain?.rules[command.position - 1];
      if (!rule) return [];
      const params = { chain: command.chain, number: command.position, rule: printRule(rule) };
      return [advice('delete.means', 'info', params), ...removedJump(rule, command.chain)];
    }
    case 'flush':
    case 'deleteChain':
      return explainChains(command, tableOf(set, command.table));
    case 'zero': {
      const foreign = foreignChains(tableOf(set, command.table), command.chain);
      return foreign.map(({ name, owner }) =>
        advice('foreign.countersZeroed', 'warning', { chain: name, owner }),
      );
    }
    case 'save':
      return command.path === null ? [advice('save.printsOnly', 'info')] : explainSave(command.path);
    case 'restore':
      return explainRestore(command, set);
    case 'showFile':
      return relativePath(command.path);
    default:
      return [];
  }
}

function advice(code: AdviceCode, severity: Advice['severity'], params: Advice['params'] = {}): Advice {
  return { code, severity, params };
}

const tableOf = (set: RuleSet, name: string): Table | null =>
  set.tables.find((table) => table.name === name) ?? null;

const chainOf = (table: Table | null, name: string): Chain | null =>
  table?.chains.find((chain) => chain.name === name) ?? null;

function explainRules(command: RulesCommand | InsertCommand, table: Table | null): Advice[] {
  const chain = chainOf(table, command.chain);
  const at = command.kind === 'insert' ? command.position - 1 : (chain?.rules.length ?? 0);
  const before = chain?.rules.slice(0, at) ?? [];
  const after = chain?.rules.slice(at) ?? [];
  return [
    ...caseTrap(command.chain, table),
    ...command.rules.flatMap((rule) => [
      ...placeholders(rule),
      ...(chain ? explainEffect(rule, chain, before, after) : []),
    ]),
  ];
}

function explainEffect(rule: Rule, chain: Chain, before: readonly Rule[], after: readonly Rule[]): Advice[] {
  const name = chain.name;
  const equal = findRule(chain.rules, rule);
  const again = equal < 0 ? [] : [advice('rule.again', 'info', { chain: name, number: equal + 1 })];
  const end = before.findIndex(endsEverything);
  if (end >= 0) return [...again, advice('rule.unreachable', 'warning', { chain: name, number: end + 1 })];
  const { policy } = chain;
  const does = rule.target?.kind === 'verdict' ? rule.target.name : null;
  // every packet that comes here and on to the policy meets the same end
  const same = policy !== null && does === policy && after.every((other) => harmless(other, policy));
  return same ? [...again, advice('rule.changesNothing', 'info', { chain: name, policy })] : again;
}

/** Whether the rule is for every packet, and none goes on behind it. */
function endsEverything(rule: Rule): boolean {
  if (rule.verbatim !== null || rule.source || rule.destination || rule.inInterface || rule.outInterface)
    return false;
  if (rule.protocol || rule.fragment !== null || rule.matches.some(({ name }) => name !== 'comment'))
    return false;
  const name = rule.target?.name;
  return name === 'ACCEPT' || name === 'DROP' || name === 'REJECT' || rule.target?.name === 'RETURN';
}

/** A rule that only counts, or does to its packets what the policy does to the others. */
const harmless = (rule: Rule, policy: string): boolean =>
  rule.verbatim === null && (rule.target === null || rule.target.name === policy);

const unspecified = ['0.0.0.0/32', '::/128'];

function placeholders(rule: Rule): Advice[] {
  return (['source', 'destination'] as const).flatMap((field) => {
    const held = rule[field];
    if (!held || held.negated || !unspecified.includes(held.value)) return [];
    return [advice('address.placeholder', 'warning', { field, value: held.value })];
  });
}

function caseTrap(name: string, table: Table | null): Advice[] {
  if (!table || chainOf(table, name)) return [];
  const meant = table.chains.find((chain) => chain.name.toLowerCase() === name.toLowerCase())?.name;
  return meant === undefined ? [] : [advice('chain.case', 'warning', { chain: name, meant })];
}

function explainDelete(command: RulesCommand, table: Table | null): Advice[] {
  const chain = chainOf(table, command.chain);
  if (!chain) return caseTrap(command.chain, table);
  return command.rules.flatMap((rule) => {
    const text = printRule(rule);
    const equal = chain.rules.flatMap((other, index) => (printRule(other) === text ? [index + 1] : []));
    const first = equal[0];
    if (first === undefined) return [];
    const params = { count: equal.length, number: first };
    return [
      ...(equal.length > 1 ? [advice('delete.first', 'info', params)] : []),
      ...removedJump(rule, chain.name),
    ];
  });
}

function removedJump(rule: Rule, from: string): Advice[] {
  const chain = jumpOf(rule);
  const owner = chain === null ? null : foreignOwner(chain);
  return chain === null || owner === null
    ? []
    : [advice('foreign.jumpRemoved', 'warning', { owner, chain, from })];
}

/** The jump goes unless the new rule leads to the same chain. */
function explainReplace({ chain, position, rule }: ReplaceCommand, table: Table | null): Advice[] {
  const old = chainOf(table, chain)?.rules[position - 1];
  return old === undefined || jumpOf(old) === jumpOf(rule) ? [] : removedJump(old, chain);
}

interface ForeignChain {
  name: string;
  owner: string;
  rules: number;
}

/** Chains of other programs that a command on this chain, or on all, is about. */
function foreignChains(table: Table | null, only: string | null): ForeignChain[] {
  return (table?.chains ?? []).flatMap(({ name, rules }) => {
    const owner = only === null || only === name ? foreignOwner(name) : null;
    return owner === null ? [] : [{ name, owner, rules: rules.length }];
  });
}

function explainChains({ kind, chain: only }: ChainsCommand, table: Table | null): Advice[] {
  const foreign = foreignChains(table, only);
  if (kind === 'deleteChain') {
    return foreign.map(({ name, owner }) =>
      advice('foreign.chainRemoved', 'warning', { chain: name, owner }),
    );
  }
  const meant = table?.chains.filter((chain) => only === null || chain.name === only) ?? [];
  return [
    ...foreign.map(({ name, owner, rules }) =>
      advice('foreign.emptied', 'warning', { chain: name, owner, rules }),
    ),
    ...meant.flatMap(({ name, rules }) => rules.flatMap((rule) => removedJump(rule, name))),
    ...meant
      .filter((chain) => chain.policy === 'DROP' && isBuiltIn(table?.name ?? '', chain.name))
      .map((chain) => advice('flush.dropsAll', 'warning', { chain: chain.name })),
  ];
}

function explainSave(path: string): Advice[] {
  return [...relativePath(path), advice('save.notLoaded', 'info', { path })];
}

function relativePath(path: string): Advice[] {
  if (path.startsWith('/') || path.startsWith('~')) return [];
  const meant = path.startsWith('etc/') ? `/${path}` : '';
  return [advice('path.relative', 'warning', { path, meant })];
}

function explainRestore(command: Extract<Command, { kind: 'restore' }>, set: RuleSet): Advice[] {
  const path = command.path === null ? [advice('restore.readsInput', 'info')] : relativePath(command.path);
  if (command.noFlush || command.test) return path;
  const tables = set.tables.filter(({ name }) => command.table === null || command.table === name);
  const foreign = tables.flatMap((table) => foreignChains(table, null));
  const owners = [...new Set(foreign.map(({ owner }) => owner))].join(', ');
  return [...path, advice('restore.replaces', foreign.length > 0 ? 'warning' : 'info', { owners })];
}
