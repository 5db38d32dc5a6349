import type { Family, Policy, Rule } from '../model.ts';

/** What every command on a table names. */
interface OnTable {
  family: Family;
  table: string;
}

/** A command with the rules that it is about: more than one when an option names several addresses. */
export interface RulesCommand extends OnTable {
  kind: 'append' | 'delete' | 'check';
  chain: string;
  rules: Rule[];
}

export interface InsertCommand extends OnTable {
  kind: 'insert';
  chain: string;
  /** from 1; each rule is inserted there, so several end up in reverse order, as with the tool */
  position: number;
  rules: Rule[];
}

export interface ReplaceCommand extends OnTable {
  kind: 'replace';
  chain: string;
  /** from 1 */
  position: number;
  rule: Rule;
}

export interface DeleteAtCommand extends OnTable {
  kind: 'deleteAt';
  chain: string;
  /** from 1 */
  position: number;
}

export interface NewChainCommand extends OnTable {
  kind: 'newChain';
  chain: string;
}

export interface RenameChainCommand extends OnTable {
  kind: 'renameChain';
  chain: string;
  name: string;
}

export interface PolicyCommand extends OnTable {
  kind: 'policy';
  chain: string;
  policy: Policy;
  /** of `-c`; null: the chain's counters become zero */
  counters: { packets: bigint; bytes: bigint } | null;
}

/** `-F` and `-X`; null: every chain (`-X`: every one that is not built in). */
export interface ChainsCommand extends OnTable {
  kind: 'flush' | 'deleteChain';
  chain: string | null;
}

export interface ZeroCommand extends OnTable {
  kind: 'zero';
  chain: string | null;
  /** one rule of the chain, from 1; null: chain and all its rules */
  position: number | null;
}

export interface ListCommand extends OnTable {
  /** `-L` and `-S` */
  kind: 'list' | 'listRules';
  chain: string | null;
  position: number | null;
  verbose: boolean;
  numeric: boolean;
  exact: boolean;
  lineNumbers: boolean;
  /** `-L -Z`: counters are shown and then set to zero */
  zero: boolean;
}

/** A command on one table, as it stands on a command line or in a restore file. */
export type TableCommand =
  | RulesCommand
  | InsertCommand
  | ReplaceCommand
  | DeleteAtCommand
  | NewChainCommand
  | RenameChainCommand
  | PolicyCommand
  | ChainsCommand
  | ZeroCommand
  | ListCommand;

export interface InfoCommand {
  kind: 'version' | 'help';
  family: Family;
}

/** `iptables-save`; without a path it only prints. */
export interface SaveCommand {
  kind: 'save';
  family: Family;
  /** null: all */
  table: string | null;
  counters: boolean;
  path: string | null;
  /** the file is added to, not replaced */
  append: boolean;
}

/** `iptables-restore`; without a path it reads standard input. */
export interface RestoreCommand {
  kind: 'restore';
  family: Family;
  /** null: all of the file */
  table: string | null;
  counters: boolean;
  noFlush: boolean;
  test: boolean;
  path: string | null;
}

/** `cat FILE`. */
export interface ShowFileCommand {
  kind: 'showFile';
  path: string;
}

/** What an administrator typed. `kind` tells which. */
export type Command = TableCommand | InfoCommand | SaveCommand | RestoreCommand | ShowFileCommand;

const readsOnly: ReadonlySet<Command['kind']> = new Set([
  'check',
  'list',
  'listRules',
  'version',
  'help',
  'showFile',
]);

/** Whether the command leaves host and files as they are. */
export function changesNothing(command: Command): boolean {
  if (command.kind === 'list' || command.kind === 'listRules') return !command.zero;
  if (command.kind === 'save') return command.path === null;
  return command.kind === 'restore' ? command.test : readsOnly.has(command.kind);
}
