import type { Dialect } from '../print/dialect.ts';
import { type Alignment, align } from './align.ts';
import { type ChainChange, chainChange } from './chain-change.ts';
import type { ChainPair, TablePair } from './chain-pairs.ts';
import { changedLines } from './dialect-lines.ts';
import type { ChainLines } from './restore-lines.ts';

/** A chain that changes, with all that is known about it. */
export interface PlannedChain {
  pair: ChainPair;
  alignment: Alignment;
  change: ChainChange;
  lines: ChainLines;
}

export interface PlannedTable extends TablePair {
  planned: PlannedChain[];
}

/** Chains that do not change, and those of others, are not planned. */
export function planTable(table: TablePair, dialect: Dialect): PlannedTable {
  const planned = table.chains.flatMap((pair) => {
    if (!pair.owned) return [];
    const alignment = align(pair.before?.rules ?? [], pair.after?.rules ?? []);
    const change = chainChange(pair, alignment);
    if (!change) return [];
    const lines = pair.after ? changedLines(pair.name, alignment, dialect) : noLines;
    return [{ pair, alignment, change, lines }];
  });
  return { ...table, planned };
}

/** Of a chain that is deleted. */
const noLines: ChainLines = { removals: [], insertions: [], rewritten: false };
