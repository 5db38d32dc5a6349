import { expect, test } from 'vitest';
import { readRule } from '../drafts/draft-rules.ts';
import type { Line, Mark } from '../drafts/lines.ts';
import { moveBy, moveTo } from './moves.ts';
import { rowKeyOf } from './row-keys.ts';

const line = (id: string, mark: Mark | null = null, off = false): Line => ({
  entry: { id, rule: readRule(`-s 192.0.2.1/32 -m comment --comment ${id} -j DROP`, 'ipv4'), off },
  mark,
  before: null,
  from: null,
  to: null,
});
const lines = [line('a'), line('b'), line('x', 'deleted'), line('c'), line('d')];

test.each([
  [['a'], 2, { ids: ['a'], at: { side: 'before', id: 'c', other: 'b' }, number: 2 }],
  [['d', 'b'], 0, { ids: ['b', 'd'], at: { side: 'before', id: 'a', other: null }, number: 1 }],
  [['a'], 5, { ids: ['a'], at: { side: 'before', id: null, other: 'd' }, number: 4 }],
  [['a'], 0, null],
  [['a'], 1, null],
  [['x'], 0, null],
])('%j before line %d', (ids, index, move) => {
  expect(moveTo(lines, ids, index)).toEqual(move);
});

test.each([
  [['b'], 1, 'd', 3],
  [['c'], -1, 'b', 2],
  [['b', 'c'], 1, null, 3],
  [['b'], 'first', 'a', 1],
  [['b'], 'last', null, 4],
] as const)('%j by %s stands before %s', (ids, by, before, number) => {
  expect(moveBy(lines, ids, by)).toMatchObject({ at: { id: before }, number });
});

test('the first rule goes no further up, the last none further down', () => {
  expect(moveBy(lines, ['a'], -1)).toBeNull();
  expect(moveBy(lines, ['d'], 1)).toBeNull();
});

test('a rule that is off has no number, and gives none', () => {
  const withOff = [line('a'), line('b', null, true), line('c')];
  expect(moveBy(withOff, ['b'], 'last')).toMatchObject({ number: null });
  expect(moveBy(withOff, ['a'], 'last')).toMatchObject({ number: 2 });
});

test('keys are told by where they are, also with 한글 on', () => {
  const none = { altKey: false, shiftKey: false, ctrlKey: false, metaKey: false };
  expect(rowKeyOf({ ...none, code: 'ArrowDown' })).toEqual({ type: 'go', by: 1, extend: false });
  expect(rowKeyOf({ ...none, code: 'ArrowDown', altKey: true })).toEqual({ type: 'move', by: 1 });
  expect(rowKeyOf({ ...none, code: 'Home', altKey: true })).toEqual({ type: 'move', by: 'first' });
  expect(rowKeyOf({ ...none, code: 'F10', shiftKey: true })).toEqual({ type: 'menu' });
  expect(rowKeyOf({ ...none, code: 'KeyA' })).toBeNull();
  expect(rowKeyOf({ ...none, code: 'Home', ctrlKey: true })).toBeNull();
});
