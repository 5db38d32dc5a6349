import {
  applyCommand,
  type Command,
  foreignOwner,
  isBuiltIn,
  NetfilterError,
  printRule,
  type Rule,
  type TableCommand,
} from '@moru/netfilter';
import type { DraftAnchor, TableName } from '@moru/types';
import { chainOf, type DraftRules, onHost, ruleSetOf, tableOf, textOf } from './draft-rules.ts';
import type { PlannedEdit } from './step.ts';

const editing = [
  'append',
  'insert',
  'replace',
  'delete',
  'deleteAt',
  'policy',
  'newChain',
  'flush',
  'deleteChain',
] as const satisfies Command['kind'][];

/** A command that a draft has a step for: no question, no file, no counters, no other name of a chain. */
export type EditCommand = Command & { kind: (typeof editing)[number] };

export function isEdit(command: Command): command is EditCommand {
  return (editing as readonly Command['kind'][]).includes(command.kind);
}

/**
 * The edits that a command is, its numbers being those of `rules`. Chains of other programs are left out of `-F` and
 * `-X` without a chain, since a draft never writes them. Throws NetfilterError for what iptables and the kernel refuse,
 * and `plan.foreignChain` where the command names another program's chain.
 */
export function editsOfCommand(command: EditCommand, rules: DraftRules): PlannedEdit[] {
  if (command.family !== rules.family) {
    const name = command.family === 'ipv6' ? 'IPv6' : 'IPv4';
    throw new NetfilterError('extension.family', { params: { name: 'ip6tables', family: name } });
  }
  if ((command.kind === 'flush' || command.kind === 'deleteChain') && command.chain === null) {
    return editsOfAll(command, rules);
  }
  checkOwned(command, rules);
  applyCommand(ruleSetOf(rules), command);
  return editsOfOne(command, rules);
}

function checkOwned({ table, chain }: TableCommand, rules: DraftRules): void {
  const found = chain === null ? undefined : chainOf(rules, table, chain);
  if (found?.foreign || (chain !== null && !found && foreignOwner(chain) !== null)) {
    throw new NetfilterError('plan.foreignChain', { params: { chain: chain ?? '' }, word: chain ?? '' });
  }
}

function editsOfAll(
  command: Extract<EditCommand, { kind: 'flush' | 'deleteChain' }>,
  rules: DraftRules,
): PlannedEdit[] {
  const own = tableOf(rules, command.table)?.chains.filter(({ foreign }) => !foreign) ?? [];
  const meant =
    command.kind === 'flush'
      ? own.filter(({ entries }) => entries.length > 0)
      : own.filter(({ name }) => !isBuiltIn(command.table, name));
  let set = ruleSetOf(rules);
  return meant.flatMap(({ name }) => {
    const one = { ...command, chain: name };
    set = applyCommand(set, one);
    return editsOfOne(one, rules);
  });
}

function editsOfOne(command: EditCommand, rules: DraftRules): PlannedEdit[] {
  const place = { table: command.table as TableName, chain: command.chain ?? '' };
  const entries = chainOf(rules, command.table, place.chain)?.entries ?? [];
  const numbered = onHost(entries);
  const idAt = (position: number) => numbered[position - 1]?.id ?? '';
  switch (command.kind) {
    case 'append':
      return [{ ...place, type: 'insert', at: atEnd(entries), rules: command.rules.map(newRule) }];
    case 'insert': {
      const texts = command.rules.map(newRule).reverse();
      return [{ ...place, type: 'insert', at: atNumber(numbered, command.position), rules: texts }];
    }
    case 'replace':
      return [{ ...place, type: 'replace', rule: idAt(command.position), text: textOf(command.rule) }];
    case 'deleteAt':
      return [{ ...place, type: 'delete', rules: [idAt(command.position)] }];
    case 'delete':
      return [{ ...place, type: 'delete', rules: firstEquals(numbered, command.rules) }];
    case 'policy':
      return [{ ...place, type: 'policy', policy: command.policy }];
    default:
      return [{ ...place, type: command.kind }];
  }
}

const atEnd = (entries: readonly { id: string }[]): DraftAnchor => ({
  side: 'before',
  id: null,
  other: entries.at(-1)?.id ?? null,
});

const newRule = (rule: Rule) => ({ text: textOf(rule) });

/** Before the rule that has the number now; behind all others where none has it. */
export function atNumber(numbered: readonly { id: string }[], position: number): DraftAnchor {
  const next = numbered[position - 1]?.id ?? null;
  return { side: 'before', id: next, other: numbered[position - 2]?.id ?? null };
}

/** As `-D` with a rule: of several equal ones the first goes. */
function firstEquals(numbered: readonly { id: string; rule: Rule }[], rules: readonly Rule[]): string[] {
  const gone: string[] = [];
  for (const rule of rules) {
    const text = printRule(rule);
    const found = numbered.find((entry) => !gone.includes(entry.id) && textOf(entry.rule) === text);
    if (found) gone.push(found.id);
  }
  return gone;
}
