import { builtInChains, type Chain, isBuiltIn, type Rule, type RuleSet, type Table } from '../model.ts';
import { printSave, ruleText } from '../print/print.ts';
import { foreignOwner, type OwnerOf } from './foreign.ts';

/** The order in which tables are shown; the kernel's own varies (reference/iptables.md section 1.2). */
const tableOrder = ['filter', 'nat', 'mangle', 'raw', 'security'];

/** A chain as the host's firewall is told to others: rules as text, counters as decimal text. */
export interface ChainView {
  name: string;
  builtIn: boolean;
  policy: 'ACCEPT' | 'DROP' | null;
  packets: string;
  bytes: string;
  owner: 'moru' | 'foreign';
  /** whose it is, where it is foreign */
  program?: string;
  rules: { number: number; text: string; packets: string; bytes: string }[];
}

/** What of SSHGUARD can be read from the rules of a host. */
export interface SshguardView {
  chain: boolean;
  /** INPUT leads to the chain; without it nothing is protected */
  jump: boolean;
  /** addresses that it blocks now */
  blocked: number;
}

/** One edit of one chain of a rule set. */
export type Edit =
  | { type: 'append'; table: string; chain: string; rule: Rule }
  | { type: 'delete'; table: string; chain: string; number: number };

/**
 * The same rules in one shape, whatever the host has touched so far: a table that nobody used yet does not exist
 * in legacy, and nft may lack built-in chains. Tables stand in the fixed order; `filter`, and the one that is
 * asked for, are always there, if need be with empty chains and policy ACCEPT, which is how they then behave.
 */
export function completeRuleSet(set: RuleSet, wanted = 'filter'): RuleSet {
  const remarks = { before: [], inside: [], after: [] };
  const tables = tableOrder.flatMap((name) => {
    const table = set.tables.find((each) => each.name === name);
    if (table) return [withBuiltIns(table)];
    return name === 'filter' || name === wanted ? [withBuiltIns({ name, chains: [], remarks })] : [];
  });
  return { ...set, tables };
}

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

/** Chains of a table with their rules in save form, as the console shows them. */
export function viewChains(table: Table, ownerOf: OwnerOf = foreignOwner): ChainView[] {
  return table.chains.map((chain) => ({
    name: chain.name,
    builtIn: isBuiltIn(table.name, chain.name),
    policy: chain.policy,
    packets: String(chain.packets),
    bytes: String(chain.bytes),
    ...ownership(ownerOf(chain.name)),
    rules: chain.rules.map((rule, index) => ({
      number: index + 1,
      text: ruleText(rule),
      packets: String(rule.packets),
      bytes: String(rule.bytes),
    })),
  }));
}

function ownership(program: string | null): Pick<ChainView, 'owner' | 'program'> {
  return program === null ? { owner: 'moru' } : { owner: 'foreign', program };
}

/** sshguard blocks by `-I sshguard -s ADDRESS -j DROP`; chain and jump are the administrator's (reference/iptables.md section 4.3). */
export function viewSshguard(set: RuleSet): SshguardView {
  const chains = set.tables.find((table) => table.name === 'filter')?.chains ?? [];
  const find = (name: string) => chains.find((chain) => chain.name === name);
  const guard = find('sshguard');
  const jumps = (rule: Rule) => rule.target?.kind === 'chain' && rule.target.name === 'sshguard';
  return {
    chain: guard !== undefined,
    jump: find('INPUT')?.rules.some(jumps) ?? false,
    blocked: guard?.rules.filter((rule) => rule.target?.name === 'DROP').length ?? 0,
  };
}

/** The rules as they should stand after the edit. */
export function applyEdit(set: RuleSet, edit: Edit): RuleSet {
  const editedChain = (chain: Chain): Chain => {
    if (chain.name !== edit.chain) return chain;
    const rules =
      edit.type === 'append'
        ? [...chain.rules, edit.rule]
        : chain.rules.filter((_, index) => index !== edit.number - 1);
    return { ...chain, rules };
  };
  return {
    ...set,
    tables: set.tables.map((table) =>
      table.name === edit.table ? { ...table, chains: table.chains.map(editedChain) } : table,
    ),
  };
}

/**
 * What is written for the next boot: chain headers with counters, rules without, as `iptables-save` prints them.
 * Foreign chains are there, so that the jumps to them load, but empty: their rules belong to the program that
 * makes them, and bans are not for ever.
 */
export function savedText(set: RuleSet, ownerOf: OwnerOf = foreignOwner): string {
  const tables = set.tables.map((table) => ({
    ...table,
    chains: table.chains.map((chain) => (ownerOf(chain.name) === null ? chain : { ...chain, rules: [] })),
  }));
  return printSave({ ...set, tables });
}
