import { expect, test } from 'vitest';
import { shareRows } from './row-sharing.ts';

const row = (id: string, port = 22) => ({ id, openPorts: [port] });
const list = (rows: ReturnType<typeof row>[], total = rows.length) => ({ rows, page: { total } });

test('a row that is as it was stays the same object, also where others before it are gone, and only then', () => {
  const before = list([row('a'), row('b'), row('c')]);
  const after = shareRows('rows', before, list([row('c'), row('b', 80), row('d')]));
  expect(after).toEqual(list([row('c'), row('b', 80), row('d')]));
  expect(after.rows[0]).toBe(before.rows[2]);
  expect(after.rows[1]).not.toBe(before.rows[1]);
});

test('a list that is as it was is the same object, which nobody needs to look at again', () => {
  const before = list([row('a'), row('b')]);
  expect(shareRows('rows', before, list([row('a'), row('b')]))).toBe(before);
});

test.each([
  ['what stands beside the rows', list([row('a'), row('b')], 7)],
  ['the order', list([row('b'), row('a')])],
  ['a row less', list([row('a')], 2)],
])('%s is told', (_, after) => {
  const before = list([row('a'), row('b')]);
  expect(shareRows('rows', before, after)).toEqual(after);
});

test('the first answer is taken as it is', () => {
  const after = list([row('a')]);
  expect(shareRows('rows', undefined, after)).toBe(after);
});
