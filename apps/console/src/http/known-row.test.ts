import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { showRow } from './known-row.ts';

const row = (id: string, port = 22) => ({ id, port });

test('a row is as it is known to be in every list that shows it, and nothing else is touched', () => {
  const queries = new QueryClient();
  const first = { rows: [row('a'), row('b')], page: { total: 2 } };
  const filtered = { rows: [row('b')], page: { total: 1 } };
  const without = { rows: [row('a')], page: { total: 1 } };
  const counts = { byPort: [{ value: 22, count: 2 }] };
  queries.setQueryData(['list', { q: '' }], first);
  queries.setQueryData(['list', { q: 'b' }], filtered);
  queries.setQueryData(['list', { q: 'a' }], without, { updatedAt: 1 });
  queries.setQueryData(['list', 'counts'], counts);
  queries.setQueryData(['other'], first);

  showRow<ReturnType<typeof row>>(queries, ['list'], 'rows', 'b', (before) => ({ ...before, port: 80 }));
  expect(queries.getQueryData(['list', { q: '' }])).toEqual({ ...first, rows: [row('a'), row('b', 80)] });
  expect(queries.getQueryData(['list', { q: 'b' }])).toEqual({ ...filtered, rows: [row('b', 80)] });
  // it does not count as read anew either
  expect(queries.getQueryState(['list', { q: 'a' }])?.dataUpdatedAt).toBe(1);
  expect(queries.getQueryData(['list', 'counts'])).toBe(counts);
  expect(queries.getQueryData(['other'])).toBe(first);

  showRow(queries, ['list'], 'rows', 'b', () => null);
  expect(queries.getQueryData(['list', { q: '' }])).toEqual({ ...first, rows: [row('a')] });
  expect(queries.getQueryData(['list', { q: 'b' }])).toEqual({ ...filtered, rows: [] });
});
