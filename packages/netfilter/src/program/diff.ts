import type { ChainChange } from '../plan/chain-change.ts';
import { planChange } from '../plan/plan-change.ts';
import { defaultDialect } from '../print/dialect.ts';
import { printRule } from '../print/print.ts';
import { type Command, writeJson } from './command.ts';
import { inputHelp, inputOptions, readPair } from './input.ts';

/** Shows what differs between two rule files, chain by chain. Counters and comment lines do not count. */
export const diff: Command = {
  name: 'diff',
  usage: 'A B',
  summary: 'show how the rules of B differ from those of A; exit 1 when they do',
  files: { least: 2, most: 2 },
  options: { ...inputOptions, json: { type: 'boolean' } },
  help: { '--json': 'as data', ...inputHelp },
  run(given, context) {
    const [before, after] = readPair(given, context);
    const { changes } = planChange(before.set, after.set, { dialect: defaultDialect, owns: () => true });
    if (given.options.json === true) writeJson(context, changes);
    else context.write(changes.map(changeText).join('\n'));
    return changes.length > 0 ? 1 : 0;
  },
};

/** One chain's change in lines: `-` gone, `+` new, `>` moved, each with its place before or after. */
export function changeText(change: ChainChange): string {
  const lines: Line[] = [
    ...change.removed.map(({ from, rule }) => ({
      at: from,
      order: 0,
      text: `- ${from}  ${printRule(rule)}`,
    })),
    ...change.replaced.flatMap(({ from, to, before, after }) => [
      { at: to, order: 0, text: `- ${from}  ${printRule(before)}` },
      { at: to, order: 1, text: `+ ${to}  ${printRule(after)}` },
    ]),
    ...change.added.map(({ to, rule }) => ({ at: to, order: 1, text: `+ ${to}  ${printRule(rule)}` })),
    ...change.moved.map(({ from, to, rule }) => ({
      at: to,
      order: 2,
      text: `> ${from} to ${to}  ${printRule(rule)}`,
    })),
  ];
  lines.sort((a, b) => a.at - b.at || a.order - b.order);
  const head = [`${change.table} ${change.chain}`];
  if (change.fate !== 'kept') head.push(change.fate);
  if (change.policy) head.push(`policy ${change.policy.from} to ${change.policy.to}`);
  return `${head.join(', ')}\n${lines.map(({ text }) => `  ${text.trimEnd()}\n`).join('')}`;
}

interface Line {
  at: number;
  order: number;
  text: string;
}
