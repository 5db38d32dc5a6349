import { NetfilterError } from '../error.ts';
import { isBuiltIn, type Rule, type RuleSet, type Table } from '../model.ts';
import type { TableCommand } from '../read/command.ts';
import type { ChainHeader, PayloadLine, PayloadTable, RestorePayload } from '../read/payload.ts';
import { applyToTable, checkJumps, emptyTable } from './apply-command.ts';

export interface RestoreOptions {
  /** as `iptables-restore -n`: what is there stays; without it each table named begins empty */
  noFlush?: boolean;
  /** as `iptables-restore -c`: counters of the file are taken; without it they are zero */
  counters?: boolean;
}

/**
 * The rule set after `iptables-restore` has read the payload. Throws NetfilterError with the line where the tool
 * refuses. The tool commits table by table, so on a refusal the tables before are changed already:
 * `onCommit` is given the set after each COMMIT.
 *
 * Without `noFlush` a built-in chain without a header keeps its policy, as legacy does; nft resets it to ACCEPT
 * (reference/iptables.md section 0, fact 1).
 */
export function applyPayload(
  set: RuleSet,
  payload: RestorePayload,
  options: RestoreOptions = {},
  onCommit?: (set: RuleSet) => void,
): RuleSet {
  let current = set;
  for (const part of payload.tables) {
    current = commit(current, part, options);
    onCommit?.(current);
  }
  return current;
}

function commit(set: RuleSet, part: PayloadTable, options: RestoreOptions): RuleSet {
  const index = set.tables.findIndex((table) => table.name === part.name);
  const before = set.tables[index] ?? emptyTable(part.name);
  let table = options.noFlush ? before : flushed(before);
  for (const line of part.lines) {
    try {
      table = applyLine(table, line, options);
    } catch (error) {
      throw error instanceof NetfilterError ? error.locate({ line: line.line, column: 1 }) : error;
    }
  }
  checkJumps(table);
  return { ...set, tables: index < 0 ? [...set.tables, table] : set.tables.with(index, table) };
}

/** Built-in chains without rules; all others are gone. */
function flushed(table: Table): Table {
  const chains = table.chains.filter((chain) => isBuiltIn(table.name, chain.name));
  return { ...table, chains: chains.map((chain) => ({ ...chain, packets: 0n, bytes: 0n, rules: [] })) };
}

function applyLine(table: Table, line: PayloadLine, options: RestoreOptions): Table {
  const { command } = line;
  if (command.kind === 'header') return declare(table, command, options);
  return applyToTable(table, line.counters && options.counters ? counted(command, line.counters) : command);
}

/** The tool passes them on as `-c`, so a command that takes none is refused. */
function counted(command: TableCommand, counters: { packets: bigint; bytes: bigint }): TableCommand {
  const withCounters = (rule: Rule): Rule => ({ ...rule, ...counters });
  switch (command.kind) {
    case 'append':
    case 'insert':
      return { ...command, rules: command.rules.map(withCounters) };
    case 'replace':
      return { ...command, rule: withCounters(command.rule) };
    case 'policy':
      return { ...command, counters };
    default:
      throw new NetfilterError('option.withCommand', { params: { command: command.kind } });
  }
}

function declare(table: Table, header: ChainHeader, options: RestoreOptions): Table {
  const { chain, policy } = header;
  // the family plays no part in commands without a rule
  const on = { family: 'ipv4' as const, table: table.name, chain };
  if (isBuiltIn(table.name, chain)) {
    if (policy === null) return table;
    return applyToTable(table, {
      kind: 'policy',
      ...on,
      policy,
      counters: options.counters ? header.counters : null,
    });
  }
  const exists = table.chains.some(({ name }) => name === chain);
  return applyToTable(table, { kind: exists && options.noFlush ? 'flush' : 'newChain', ...on });
}
