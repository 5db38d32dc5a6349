import type { Rule } from '../model.ts';
import type { Dialect } from '../print/dialect.ts';
import { type Alignment, align } from './align.ts';
import { changedLines, headerLines } from './dialect-lines.ts';
import { isUnnamed } from './named.ts';
import type { TableLines } from './payload.ts';
import type { PlannedChain, PlannedTable } from './planned.ts';
import { type ChainLines, originOf, writeLine } from './restore-lines.ts';

/**
 * Lines that bring the touched chains of a table back. They do not rely on what the chains hold by then: a revert
 * that fails, or that deletes by a number that has shifted, leaves the administrator locked out. So each chain is
 * written anew; `:NAME -` empties a user chain that is there and makes one that is not. Only a chain with a rule
 * that text cannot restore is changed rule by rule.
 */
export function revertLines(table: PlannedTable, dialect: Dialect): TableLines {
  const { planned } = table;
  if (planned.length === 0) return { table: table.table, lines: [] };
  const chains = planned.map((chain) => ({ ...chain, lines: chainLines(chain, dialect) }));
  const declared = chains.filter(({ pair, lines }) => !pair.builtIn && lines.rewritten);
  const lines = [
    ...headerLines(table, dialect, 'before'),
    ...declared.map(({ pair }) => `:${pair.name} - [0:0]`),
    ...chains.flatMap(({ lines }) => lines.removals),
    ...chains.flatMap(({ lines }) => lines.insertions),
    ...chains.filter(({ change }) => change.fate === 'created').map(({ pair }) => `-X ${pair.name}`),
  ];
  return { table: table.table, lines };
}

function chainLines({ pair, alignment }: PlannedChain, dialect: Dialect): ChainLines {
  const { before, after, gaps } = alignment;
  if (gaps.length === 0 && pair.before && pair.after)
    return { removals: [], insertions: [], rewritten: false };
  if (pair.before && pair.after && before.some((rule) => isUnnamed(rule))) {
    return changedLines(pair.name, align(asApplied(after, alignment), before), dialect);
  }
  return {
    removals: pair.builtIn ? [`-F ${pair.name}`] : [],
    insertions: before.map((rule) => writeLine(`-A ${pair.name}`, rule)),
    rewritten: true,
  };
}

/** The wanted rules with the counters that they went on with. */
function asApplied(after: readonly Rule[], alignment: Alignment): Rule[] {
  return after.map((rule, index) => {
    const { packets, bytes } = originOf(alignment, index) ?? rule;
    return { ...rule, packets, bytes };
  });
}
