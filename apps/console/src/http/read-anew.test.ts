import { CancelledError, QueryClient, QueryObserver, queryOptions } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import { readAnew } from './read-anew.ts';

it('is not answered by a request that was under way', async () => {
  const queries = new QueryClient();
  const answers = ['before', 'after'];
  const pending: (() => void)[] = [];
  const query = queryOptions({
    queryKey: ['rules'],
    queryFn: async ({ signal }) => {
      const answer = answers.shift();
      await new Promise<void>((resolve, reject) => {
        pending.push(resolve);
        signal.addEventListener('abort', () => reject(signal.reason));
      });
      return answer;
    },
  });
  const early = queries.fetchQuery(query).catch(() => 'given up');
  const late = readAnew(queries, query);
  await expect.poll(() => pending.length).toBe(2);
  for (const answer of pending) answer();
  expect(await late).toBe('after');
  expect(await early).toBe('given up');
  expect(queries.getQueryData(query.queryKey)).toBe('after');
});

it('reads once more where the page that had asked is left meanwhile', async () => {
  const queries = new QueryClient();
  const held: ((answer: string) => void)[] = [];
  const query = queryOptions({
    queryKey: ['rules'],
    queryFn: ({ signal }) =>
      new Promise<string>((resolve, reject) => {
        held.push(resolve);
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
  });
  queries.setQueryData(query.queryKey, 'before');
  const leave = new QueryObserver(queries, { ...query, enabled: false }).subscribe(() => {});
  const read = readAnew(queries, query);
  await expect.poll(() => held.length).toBe(1);
  // the last who looked is gone: the library gives the request up, and answers with what it had
  leave();
  await expect.poll(() => held.length).toBe(2);
  held[1]?.('after');
  expect(await read).toBe('after');
});

it('gives up where whatever it asks is given up', async () => {
  const queries = new QueryClient();
  let asked = 0;
  const query = queryOptions({
    queryKey: ['rules'],
    queryFn: ({ signal }) =>
      new Promise<string>((_resolve, reject) => {
        asked += 1;
        signal.addEventListener('abort', () => reject(signal.reason));
        queueMicrotask(() => void queries.cancelQueries({ queryKey: ['rules'] }));
      }),
  });
  queries.setQueryData(query.queryKey, 'before');
  await expect(readAnew(queries, query)).rejects.toThrow(CancelledError);
  expect(asked).toBe(3);
});
