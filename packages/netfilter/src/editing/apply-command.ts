import { chainGraph, findLoops, isReached, jumpOf, reachedFrom } from '../check/chain-graph.ts';
import { type NetfilterCode, NetfilterError } from '../error.ts';
import {
  builtInChains,
  type Chain,
  isBuiltIn,
  type Rule,
  type RuleSet,
  type Table,
  type Target,
} from '../model.ts';
import { printRule } from '../print/print.ts';
import type {
  ChainsCommand,
  InsertCommand,
  PolicyCommand,
  RenameChainCommand,
  RulesCommand,
  TableCommand,
  ZeroCommand,
} from '../read/command.ts';

/**
 * The rule set as it stands after the command, or NetfilterError where the tool refuses it: `rule.missing` (also the
 * answer "no" of `-C`), `position.range`, `chain.missing`, `chain.exists`, `chain.builtIn`, `chain.notEmpty`,
 * `chain.inUse`, `chain.loop`. Nothing of the given set is changed. A table or built-in chain that the set lacks
 * is taken for an empty one with policy ACCEPT.
 *
 * Equal rules are those that print alike; the tool takes the first. Counters of policies are kept, as nft does:
 * legacy before 1.8.10 sets them to zero at any change (reference/iptables.md section 0, fact 9).
 * Measured with 1.8.9 legacy. The nft back end differs: it deletes and renames built-in chains.
 */
export function applyCommand(set: RuleSet, command: TableCommand): RuleSet {
  const index = set.tables.findIndex((table) => table.name === command.table);
  const before = set.tables[index] ?? emptyTable(command.table);
  const after = applyToTable(before, command);
  if (after === before) return set;
  checkJumps(after);
  const tables = index < 0 ? [...set.tables, after] : set.tables.with(index, after);
  return { ...set, tables };
}

/** A table that nobody has used yet. */
export function emptyTable(name: string): Table {
  const chains = (builtInChains[name] ?? []).map((chain) => emptyChain(chain, 'ACCEPT'));
  return { name, chains, remarks: { before: [], inside: [], after: [] } };
}

const emptyChain = (name: string, policy: Chain['policy']): Chain => ({
  name,
  policy,
  packets: 0n,
  bytes: 0n,
  rules: [],
});

/** As `applyCommand`, for one table, without what the kernel alone refuses: see `checkJumps`. */
export function applyToTable(given: Table, command: TableCommand): Table {
  const table = withBuiltIn(given, command);
  switch (command.kind) {
    case 'append':
    case 'insert':
    case 'delete':
    case 'check':
      return applyRules(table, command);
    case 'replace':
    case 'deleteAt': {
      const chain = chainOf(table, command.chain);
      const { position } = command;
      if (position > chain.rules.length)
        throw refusal('position.range', { position, length: chain.rules.length });
      if (command.kind === 'deleteAt') return edited(table, chain, chain.rules.toSpliced(position - 1, 1));
      checkTarget(table, command.rule.target);
      return edited(table, chain, chain.rules.with(position - 1, command.rule));
    }
    case 'newChain':
      if (findChain(table, command.chain)) throw refusal('chain.exists', { chain: command.chain });
      return { ...table, chains: [...table.chains, emptyChain(command.chain, null)] };
    case 'renameChain':
      return rename(table, command);
    case 'policy':
      return setPolicy(table, command);
    case 'flush':
    case 'deleteChain':
      return applyChains(table, command);
    case 'zero':
      return zero(table, command);
    default:
      if (command.chain !== null) chainOf(table, command.chain);
      return command.zero ? zero(table, { ...command, kind: 'zero', position: null }) : table;
  }
}

function refusal(code: NetfilterCode, params: Record<string, string | number>): NetfilterError {
  const word = params.chain ?? params.position;
  return new NetfilterError(code, { params, ...(word === undefined ? {} : { word: String(word) }) });
}

/** nft may lack a built-in chain that nothing was done with yet. */
function withBuiltIn(table: Table, { chain }: TableCommand): Table {
  if (chain === null || !isBuiltIn(table.name, chain) || findChain(table, chain)) return table;
  return { ...table, chains: [...table.chains, emptyChain(chain, 'ACCEPT')] };
}

const findChain = (table: Table, name: string): Chain | undefined =>
  table.chains.find((chain) => chain.name === name);

function chainOf(table: Table, name: string): Chain {
  const chain = findChain(table, name);
  if (!chain) throw refusal('chain.missing', { chain: name });
  return chain;
}

function edited(table: Table, chain: Chain, rules: Rule[]): Table {
  const at = table.chains.indexOf(chain);
  return { ...table, chains: table.chains.with(at, { ...chain, rules }) };
}

function applyRules(table: Table, command: RulesCommand | InsertCommand): Table {
  const chain = chainOf(table, command.chain);
  for (const rule of command.rules) checkTarget(table, rule.target);
  if (command.kind === 'append') return edited(table, chain, [...chain.rules, ...command.rules]);
  if (command.kind === 'insert') {
    const { position } = command;
    if (position > chain.rules.length + 1)
      throw refusal('position.range', { position, length: chain.rules.length });
    return edited(table, chain, chain.rules.toSpliced(position - 1, 0, ...command.rules.toReversed()));
  }
  let { rules } = chain;
  for (const rule of command.rules) {
    const at = findRule(rules, rule);
    if (at < 0) throw refusal('rule.missing', { rule: printRule(rule), chain: chain.name });
    if (command.kind === 'delete') rules = rules.toSpliced(at, 1);
  }
  return rules === chain.rules ? table : edited(table, chain, rules);
}

/** Index of the first rule that is equal but for counters, or -1. */
export function findRule(rules: readonly Rule[], wanted: Rule): number {
  const text = printRule(wanted);
  return rules.findIndex((rule) => printRule(rule) === text);
}

/** A chain that does not exist, or options behind one that does. */
function checkTarget(table: Table, target: Target | null): void {
  if (target?.kind === 'chain' && !findChain(table, target.name))
    throw refusal('chain.missing', { chain: target.name });
  if (target?.kind !== 'extension' || target.modelled) return;
  if (findChain(table, target.name)) throw refusal('option.unknown', { target: target.name });
  throw refusal('target.unknown', { target: target.name });
}

/**
 * Throws what the kernel refuses at the commit: a jump to a built-in chain (`target.place`), and a loop that packets
 * can come to (`chain.loop`). Legacy takes a loop behind a rule that ends every packet; we do not.
 */
export function checkJumps(table: Table): void {
  const graph = chainGraph(table);
  for (const [from, jumps] of graph) {
    const wrong = jumps.find(({ to }) => isBuiltIn(table.name, to));
    if (wrong) throw refusal('target.place', { target: wrong.to, table: table.name, chain: from });
  }
  const loops = findLoops(graph);
  if (loops.length === 0) return;
  const reach = reachedFrom(table, graph);
  const loop = loops.find(({ path }) => isReached(reach, path[0] ?? ''));
  if (loop)
    throw refusal('chain.loop', {
      chain: loop.path[0] ?? '',
      path: [...loop.path, loop.path[0]].join(' > '),
    });
}

function rename(table: Table, { chain: name, name: wanted }: RenameChainCommand): Table {
  if (isBuiltIn(table.name, name)) throw refusal('chain.builtIn', { chain: name });
  if (findChain(table, wanted)) throw refusal('chain.exists', { chain: wanted });
  const chain = chainOf(table, name);
  const follow = (rule: Rule): Rule => {
    if (jumpOf(rule) !== name || rule.target?.kind !== 'chain') return rule;
    return { ...rule, target: { ...rule.target, name: wanted } };
  };
  const chains = table.chains.map((each) => ({
    ...each,
    name: each === chain ? wanted : each.name,
    rules: each.rules.map(follow),
  }));
  return { ...table, chains };
}

function setPolicy(table: Table, { chain: name, policy, counters }: PolicyCommand): Table {
  if (!isBuiltIn(table.name, name)) throw refusal('chain.missing', { chain: name });
  const { packets, bytes } = counters ?? { packets: 0n, bytes: 0n };
  const chains = table.chains.map((chain) =>
    chain.name === name ? { ...chain, policy, packets, bytes } : chain,
  );
  return { ...table, chains };
}

function applyChains(table: Table, { kind, chain: name }: ChainsCommand): Table {
  const meant = name === null ? table.chains : [chainOf(table, name)];
  if (kind === 'flush') {
    return {
      ...table,
      chains: table.chains.map((chain) => (meant.includes(chain) ? { ...chain, rules: [] } : chain)),
    };
  }
  const gone = meant.filter((chain) => name !== null || !isBuiltIn(table.name, chain.name));
  for (const chain of gone) checkDeletable(table, chain);
  return { ...table, chains: table.chains.filter((chain) => !gone.includes(chain)) };
}

/** Where the first rule stands that leads to a chain. */
export function firstJumpTo(table: Table, name: string): { chain: string; number: number } | null {
  for (const chain of table.chains) {
    const at = chain.rules.findIndex((rule) => jumpOf(rule) === name);
    if (at >= 0) return { chain: chain.name, number: at + 1 };
  }
  return null;
}

function checkDeletable(table: Table, chain: Chain): void {
  if (isBuiltIn(table.name, chain.name)) throw refusal('chain.builtIn', { chain: chain.name });
  const user = firstJumpTo(table, chain.name);
  if (user) throw refusal('chain.inUse', { chain: chain.name, by: user.chain, number: user.number });
  if (chain.rules.length > 0)
    throw refusal('chain.notEmpty', { chain: chain.name, rules: chain.rules.length });
}

function zero(table: Table, { chain: name, position }: ZeroCommand): Table {
  const none = { packets: 0n, bytes: 0n };
  if (name === null || position === null) {
    const meant = name === null ? table.chains : [chainOf(table, name)];
    const chains = table.chains.map((chain) =>
      meant.includes(chain)
        ? { ...chain, ...none, rules: chain.rules.map((rule) => ({ ...rule, ...none })) }
        : chain,
    );
    return { ...table, chains };
  }
  const chain = chainOf(table, name);
  const rule = chain.rules[position - 1];
  if (!rule) throw refusal('position.range', { position, length: chain.rules.length });
  return edited(table, chain, chain.rules.with(position - 1, { ...rule, ...none }));
}
