import {
  type Advice,
  type Command,
  type Dialect,
  explainCommand,
  NetfilterError,
  printListing,
  printRule,
  printRulesListing,
  type Repair,
  type Rule,
  type RuleSet,
  readSteps,
  type Step,
} from '@moru/netfilter';
import type { FirewallOutputKind } from '@moru/types';
import { editsOfCommand, isEdit } from '../drafts/command-edits.ts';
import { addEdits, type Draft } from '../drafts/draft.ts';
import { ruleSetOf } from '../drafts/draft-rules.ts';
import type { PlannedEdit } from '../drafts/step.ts';

/** What a typed line comes to. */
export type TypedMeaning =
  /** steps of the draft */
  | { kind: 'edits'; edits: PlannedEdit[] }
  /** the host's own output, as 출력 shows it */
  | { kind: 'output'; output: FirewallOutputKind }
  /** an answer that is known here, in the tool's words */
  | { kind: 'answer'; text: string }
  /** whether an equal rule is there, and where */
  | { kind: 'found'; number: number | null; chain: string }
  /** 「Rule 설정 저장」 */
  | { kind: 'save'; path: string }
  /** counters to zero: done at once, after a question */
  | { kind: 'zero'; table: string; chain: string | null; number: number | null }
  | { kind: 'help' }
  /** belongs to another place of the console, or to none */
  | { kind: 'elsewhere'; where: 'routes' | 'import' | 'file' | 'rename' }
  | { kind: 'error'; error: NetfilterError };

/** One command of what was typed. */
export interface Typed {
  text: string;
  notes: string[];
  meaning: TypedMeaning;
  advice: Advice[];
  /** what could follow, where the command ends too early */
  incomplete: Step['incomplete'];
}

export interface TypedText {
  /** the whole as repaired */
  text: string;
  repairs: Repair[];
  commands: Typed[];
  /** the draft with all edits up to the first command that is wrong */
  draft: Draft;
}

/** longest text that is read: a paste of more than this belongs into a file */
export const longestText = 200_000;

const savedFile = '/etc/iptables.rules';

/**
 * Reads what was typed or pasted, each command upon the rules that those before it leave. Nothing is done: the draft
 * that comes back is the one that would be.
 * @param host the rules that run, with their counters; asked for only where a command lists them
 */
export function readTyped(text: string, draft: Draft, host: () => RuleSet, dialect: Dialect): TypedText {
  const { text: repaired, repairs, steps } = readSteps(text, { family: draft.rules.family });
  let next = draft;
  const commands = steps.map((step): Typed => {
    const set = ruleSetOf(next.rules);
    const command = step.command !== null && !isRoute(step.command) ? step.command : null;
    const meaning = meaningOf(step, next, host, dialect);
    if (meaning.kind === 'edits') next = addEdits(next, meaning.edits, step.notes);
    const advice = command === null || meaning.kind === 'error' ? [] : explainCommand(command, set);
    return { text: step.text, notes: step.notes, meaning, advice, incomplete: step.incomplete };
  });
  return { text: repaired, repairs, commands, draft: next };
}

type RouteCommand = Exclude<NonNullable<Step['command']>, Command>;

const routeKinds: readonly string[] = [
  'showRoutes',
  'addRoute',
  'appendRoute',
  'replaceRoute',
  'deleteRoute',
] satisfies RouteCommand['kind'][];

const isRoute = (command: Command | RouteCommand): command is RouteCommand =>
  routeKinds.includes(command.kind);

function meaningOf(
  { command, error }: Step,
  draft: Draft,
  host: () => RuleSet,
  dialect: Dialect,
): TypedMeaning {
  if (error) return { kind: 'error', error };
  if (command === null) return { kind: 'error', error: new NetfilterError('command.missing') };
  if (isRoute(command)) return { kind: 'elsewhere', where: 'routes' };
  if (isEdit(command)) {
    try {
      return { kind: 'edits', edits: editsOfCommand(command, draft.rules) };
    } catch (thrown) {
      if (thrown instanceof NetfilterError) return { kind: 'error', error: thrown };
      throw thrown;
    }
  }
  switch (command.kind) {
    case 'version':
      return { kind: 'output', output: 'version' };
    case 'help':
      return { kind: 'help' };
    case 'list':
    case 'listRules':
      return listing(command, host(), dialect);
    case 'check':
      return check(command, draft);
    case 'zero':
      return { kind: 'zero', table: command.table, chain: command.chain, number: command.position };
    case 'save':
      if (command.path !== null) return { kind: 'save', path: command.path };
      return { kind: 'output', output: 'save' };
    case 'showFile':
      return isSavedFile(command.path)
        ? { kind: 'output', output: 'file' }
        : { kind: 'elsewhere', where: 'file' };
    case 'restore':
      return { kind: 'elsewhere', where: 'import' };
    case 'renameChain':
      return { kind: 'elsewhere', where: 'rename' };
    default:
      return { kind: 'error', error: new NetfilterError('command.unknown') };
  }
}

/** With and without its first slash: the guide writes both. */
export const isSavedFile = (path: string): boolean => `/${path.replace(/^\//, '')}` === savedFile;

type ListCommand = Command & { kind: 'list' | 'listRules' };

/** The guide's own two views come from the host word for word; any other one is made of the rules that it told. */
function listing(command: ListCommand, host: RuleSet, dialect: Dialect): TypedMeaning {
  const { kind, table, chain, position, family } = command;
  if (family !== host.family)
    return {
      kind: 'error',
      error: new NetfilterError('extension.family', { params: { name: 'ip6tables', family: 'IPv6' } }),
    };
  const wholeTable = chain === null && table === 'filter';
  if (command.zero) return { kind: 'zero', table, chain, number: position };
  if (wholeTable && kind === 'list') return { kind: 'output', output: 'list' };
  if (wholeTable && kind === 'listRules') return { kind: 'output', output: 'rules' };
  const found = host.tables.find(({ name }) => name === table);
  const chains = found?.chains.filter(({ name }) => chain === null || name === chain) ?? [];
  if (chain !== null && chains.length === 0) {
    return { kind: 'error', error: new NetfilterError('chain.missing', { params: { chain }, word: chain }) };
  }
  if (!found) return { kind: 'answer', text: '' };
  const shown: RuleSet = { ...host, tables: [{ ...found, chains }] };
  const text =
    kind === 'list'
      ? printListing({ ...host, tables: [found] }, table, { dialect })
      : printRulesListing(shown, { table, counters: command.verbose, dialect });
  return { kind: 'answer', text: chain === null ? text : onlyChain(text, kind, chain, position) };
}

function onlyChain(text: string, kind: 'list' | 'listRules', chain: string, position: number | null): string {
  const lines = text.split('\n');
  if (kind === 'listRules') {
    const rules = lines.filter((line) => line.startsWith(`-A ${chain} `) || line === `-A ${chain}`);
    return position === null ? text : (rules[position - 1] ?? '');
  }
  const start = lines.findIndex((line) => line.startsWith(`Chain ${chain} (`));
  const end = lines.findIndex((line, index) => index > start && line === '');
  const section = lines.slice(start, end < 0 ? undefined : end);
  return position === null ? section.join('\n') : (section[position + 1] ?? '');
}

function check(command: Extract<Command, { rules: Rule[] }>, draft: Draft): TypedMeaning {
  const set = ruleSetOf(draft.rules);
  const chain = set.tables
    .find(({ name }) => name === command.table)
    ?.chains.find(({ name }) => name === command.chain);
  if (!chain) {
    const params = { chain: command.chain };
    return { kind: 'error', error: new NetfilterError('chain.missing', { params, word: command.chain }) };
  }
  const numbers = command.rules.map((rule) => {
    const text = printRule(rule);
    return chain.rules.findIndex((other) => printRule(other) === text) + 1;
  });
  const missing = numbers.includes(0);
  return { kind: 'found', number: missing ? null : (numbers[0] ?? null), chain: command.chain };
}
