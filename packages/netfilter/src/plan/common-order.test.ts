import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestCommonOrder } from './common-order.ts';

/** The length by the textbook's table, for short sequences. */
function lengthByTable(left: readonly number[], right: readonly number[]): number {
  let above = new Array<number>(right.length + 1).fill(0);
  for (const one of left) {
    const row = [0];
    for (const [j, other] of right.entries()) {
      row.push(one === other ? (above[j] ?? 0) + 1 : Math.max(above[j + 1] ?? 0, row[j] ?? 0));
    }
    above = row;
  }
  return above.at(-1) ?? 0;
}

const find = (left: readonly number[], right: readonly number[], kinds: number) =>
  longestCommonOrder(Int32Array.from(left), Int32Array.from(right), kinds);

describe('longestCommonOrder', () => {
  it('pairs as many as can be', () => {
    const sequence = fc.array(fc.nat({ max: 5 }), { maxLength: 25 });
    fc.assert(
      fc.property(sequence, sequence, (left, right) => {
        const pairs = find(left, right, 6);
        expect(pairs).toHaveLength(lengthByTable(left, right));
        for (const [index, [i, j]] of pairs.entries()) {
          expect(left[i]).toBe(right[j]);
          const [before, after] = pairs[index - 1] ?? [-1, -1];
          expect(i > before && j > after).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  const count = 50_000;
  const ascending = Array.from({ length: count }, (_, i) => i);
  it.each([
    ['shuffled', ascending.map((i) => (i * 7_919) % count), ascending, 200],
    ['reversed', ascending.toReversed(), ascending, 1],
    ['all alike', ascending.map(() => 0), ascending.map(() => 0), count],
    ['nothing in common', ascending.map((i) => i % 2), ascending.map((i) => 2 + (i % 2)), 0],
    ['two kinds by turns', ascending.map((i) => i % 2), ascending.map((i) => (i + 1) % 2), count / 2],
  ])('is not quadratic: %s', (_name, left, right, atLeast) => {
    const start = performance.now();
    expect(find(left, right, count).length).toBeGreaterThanOrEqual(atLeast);
    // some 20 ms; what is quadratic takes many seconds
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
