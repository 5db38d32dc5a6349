import type { Rule } from '../model.ts';
import { printRule } from '../print/print.ts';
import { longestCommonOrder } from './common-order.ts';
import { sameRule } from './same-rule.ts';

/** How the rules of a chain before and after a change belong together; indices from 0, -1 for none. */
export interface Alignment {
  before: readonly Rule[];
  after: readonly Rule[];
  /** by index after: the equal rule before that stays where it is */
  keptFrom: Int32Array;
  /** by index after: the equal rule before that changes its place among the others */
  movedFrom: Int32Array;
  /** by index before: its place after, whether kept or moved */
  wentTo: Int32Array;
  kept: number;
  gaps: Gap[];
}

/** A stretch between two kept rules (or an end of the chain) that is not the same on both sides; ends excluded. */
export interface Gap {
  beforeStart: number;
  beforeEnd: number;
  afterStart: number;
  afterEnd: number;
}

/**
 * Keeps as many rules in place as order allows. What is equal at both ends is told without printing; the rest by
 * canonical text, in n log n.
 */
export function align(before: readonly Rule[], after: readonly Rule[]): Alignment {
  const [head, tail] = equalEnds(before, after);
  const keptFrom = new Int32Array(after.length).fill(-1);
  for (let i = 0; i < head; i++) keptFrom[i] = i;
  for (let i = 1; i <= tail; i++) keptFrom[after.length - i] = before.length - i;

  const kinds = new Map<string, number>();
  const kindsOf = (rules: readonly Rule[]) =>
    Int32Array.from(rules.slice(head, rules.length - tail), (rule) => {
      const text = printRule(rule);
      const kind = kinds.get(text) ?? kinds.size;
      kinds.set(text, kind);
      return kind;
    });
  const left = kindsOf(before);
  const right = kindsOf(after);
  const common = longestCommonOrder(left, right, kinds.size);
  for (const [from, to] of common) keptFrom[head + to] = head + from;

  const wentTo = new Int32Array(before.length).fill(-1);
  for (let to = 0; to < keptFrom.length; to++) {
    const from = keptFrom[to] ?? -1;
    if (from >= 0) wentTo[from] = to;
  }
  const gaps = gapsOf(before.length, keptFrom, head);
  const movedFrom = new Int32Array(after.length).fill(-1);
  pairMoved(left, right, head, { keptFrom, movedFrom, wentTo });
  return { before, after, keptFrom, movedFrom, wentTo, kept: head + tail + common.length, gaps };
}

/** How many rules are equal at the beginning and, of the rest, at the end. */
function equalEnds(before: readonly Rule[], after: readonly Rule[]): [head: number, tail: number] {
  const shorter = Math.min(before.length, after.length);
  const equal = (i: number, j: number): boolean => {
    const a = before[i];
    const b = after[j];
    return a !== undefined && b !== undefined && sameRule(a, b);
  };
  let head = 0;
  while (head < shorter && equal(head, head)) head++;
  let tail = 0;
  while (tail < shorter - head && equal(before.length - 1 - tail, after.length - 1 - tail)) tail++;
  return [head, tail];
}

function gapsOf(lengthBefore: number, keptFrom: Int32Array, head: number): Gap[] {
  const gaps: Gap[] = [];
  let beforeStart = head;
  let afterStart = head;
  const close = (beforeEnd: number, afterEnd: number) => {
    if (beforeEnd > beforeStart || afterEnd > afterStart) {
      gaps.push({ beforeStart, beforeEnd, afterStart, afterEnd });
    }
    beforeStart = beforeEnd + 1;
    afterStart = afterEnd + 1;
  };
  for (let to = head; to < keptFrom.length; to++) {
    const from = keptFrom[to] ?? -1;
    if (from >= 0) close(from, to);
  }
  close(lengthBefore, keptFrom.length);
  return gaps;
}

/** Of what is not kept, equal rules on both sides belong together, first to first. */
function pairMoved(
  left: Int32Array,
  right: Int32Array,
  head: number,
  { keptFrom, movedFrom, wentTo }: Pick<Alignment, 'keptFrom' | 'movedFrom' | 'wentTo'>,
): void {
  const gone = new Map<number, number[]>();
  for (let i = left.length - 1; i >= 0; i--) {
    const kind = left[i] ?? 0;
    if (wentTo[head + i] !== -1) continue;
    const same = gone.get(kind);
    if (same) same.push(head + i);
    else gone.set(kind, [head + i]);
  }
  for (let i = 0; i < right.length; i++) {
    if (keptFrom[head + i] !== -1) continue;
    const from = gone.get(right[i] ?? 0)?.pop();
    if (from === undefined) continue;
    movedFrom[head + i] = from;
    wentTo[from] = head + i;
  }
}
