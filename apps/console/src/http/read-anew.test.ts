import { QueryClient, queryOptions } from '@tanstack/react-query';
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
