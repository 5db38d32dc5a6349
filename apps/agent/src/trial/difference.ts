import { type Chain, type RuleSet, ruleText, type Table } from '@moru/netfilter';
import type { ChainDifference, TableName } from '@moru/types';
import { isOwned, tableOf } from './rewrite.ts';

interface Line {
  number: number;
  text: string;
}

/** Beyond this the middle parts are compared as a whole: a table of their sizes' product would be too large. */
const maxCells = 4_000_000;

/** What differs between two complete rule sets, chain by chain, in owned chains only. */
export function difference(from: RuleSet, to: RuleSet, tables: readonly string[]): ChainDifference[] {
  return tables.flatMap((name) => tableDifference(name as TableName, tableOf(from, name), tableOf(to, name)));
}

function tableDifference(table: TableName, from: Table | undefined, to: Table | undefined) {
  const owned = (side: Table | undefined) => (side?.chains ?? []).filter(isOwned);
  const names = new Set([...owned(from), ...owned(to)].map((chain) => chain.name));
  return [...names].flatMap((name): ChainDifference[] => {
    const old = owned(from).find((chain) => chain.name === name);
    const now = owned(to).find((chain) => chain.name === name);
    const { removed, added } = lineDifference(linesOf(old), linesOf(now));
    const policy =
      old?.policy && now?.policy && old.policy !== now.policy ? { from: old.policy, to: now.policy } : null;
    const change = !old ? 'created' : !now ? 'deleted' : 'changed';
    if (change === 'changed' && !policy && removed.length + added.length === 0) return [];
    return [{ table, chain: name, change, policy, removed, added }];
  });
}

const linesOf = (chain: Chain | undefined): Line[] =>
  (chain?.rules ?? []).map((rule, index) => ({ number: index + 1, text: ruleText(rule) }));

/** Lines to take away and to add so that one list becomes the other, by a longest common part. */
export function lineDifference(old: Line[], now: Line[]): { removed: Line[]; added: Line[] } {
  let head = 0;
  while (head < old.length && head < now.length && old[head]?.text === now[head]?.text) head++;
  let tail = 0;
  const room = Math.min(old.length, now.length) - head;
  while (tail < room && old.at(-1 - tail)?.text === now.at(-1 - tail)?.text) tail++;
  const a = old.slice(head, old.length - tail);
  const b = now.slice(head, now.length - tail);
  if (a.length * b.length > maxCells) return { removed: a, added: b };
  return middleDifference(a, b);
}

function middleDifference(a: Line[], b: Line[]): { removed: Line[]; added: Line[] } {
  const width = b.length + 1;
  // longest common part of the rests of both, from each pair of places on
  const lengths = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i]?.text === b[j]?.text ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const removed: Line[] = [];
  const added: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = a[i];
    const right = b[j];
    if (left && right && left.text === right.text) {
      i++;
      j++;
    } else if (left && (!right || at(i + 1, j) >= at(i, j + 1))) {
      removed.push(left);
      i++;
    } else if (right) {
      added.push(right);
      j++;
    }
  }
  return { removed, added };
}
