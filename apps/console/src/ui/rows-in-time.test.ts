import { expect, test } from 'vitest';
import { type Slot, slotsOf } from './rows-in-time.ts';

const rowsOf = (...ids: (string | number)[]) => ids.map((id) => ({ id: String(id) }));
const many = (letter: string, count: number) =>
  rowsOf(...Array.from({ length: count }, (_, place) => letter + place));
const keysOf = (slots: readonly Slot<{ id: string }>[]) => slots.map(({ key }) => key);

test('a row keeps its element wherever it stands, and one that is gone leaves it to nobody', () => {
  const first = slotsOf(rowsOf('a', 'b', 'c'), []);
  expect(keysOf(first)).toEqual([0, 1, 2]);
  const next = slotsOf(rowsOf('c', 'x', 'a'), first);
  expect(next.map(({ key, row }) => `${row.id}${key}`)).toEqual(['c2', 'x3', 'a0']);
  // a short list of other rows as well: what has the focus there is not another row's all of a sudden
  expect(keysOf(slotsOf(rowsOf('y', 'z'), first))).toEqual([3, 4]);
});

test('a long list of other rows takes the elements that stand, place for place', () => {
  const first = slotsOf(many('a', 50), []);
  const other = slotsOf(many('b', 20), first);
  expect(keysOf(other)).toEqual(keysOf(first).slice(0, 20));
  expect(keysOf(slotsOf(many('c', 50), other)).slice(0, 20)).toEqual(keysOf(other));
  expect(new Set(keysOf(slotsOf(many('c', 50), other))).size).toBe(50);
  // half of it stood: the same list, read anew
  const half = [...many('a', 10), ...many('d', 10)];
  expect(keysOf(slotsOf(half, first)).slice(0, 10)).toEqual(keysOf(first).slice(0, 10));
  expect(keysOf(slotsOf(half, first)).slice(10)).toEqual(
    Array.from({ length: 10 }, (_, place) => 50 + place),
  );
});

test('what is as it was is the same slot', () => {
  const rows = rowsOf('a', 'b');
  const first = slotsOf(rows, []);
  expect(slotsOf(rows, first)).toEqual(first);
  expect(slotsOf(rows, first)[1]).toBe(first[1]);
});
