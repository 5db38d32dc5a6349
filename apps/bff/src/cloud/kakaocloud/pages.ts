import { maximumLimit, type Pagination } from '@moru/kakaocloud';
import type { z } from 'zod';
import type { Caller } from '../provider.ts';
import type { SendUpstream } from '../upstream.ts';
import { ask } from './client.ts';

/** 500 instances is the quota of a project (reference/kakaocloud.md A.9); this is room for an embedded 10,000. */
const maximumPages = 20;

/** Reads a list to its end, one page after the other, and gives up at 20 pages. */
export async function readAllPages<Row>(
  read: (offset: number) => Promise<{ rows: Row[]; total: number }>,
): Promise<Row[]> {
  const all: Row[] = [];
  for (let page = 0; page < maximumPages; page += 1) {
    const { rows, total } = await read(all.length);
    all.push(...rows);
    if (rows.length === 0 || all.length >= total) break;
  }
  return all;
}

/** Reads a list of the wire to its end: the rows under `key` of its answers. */
export async function readAll<Key extends string, Row>(
  send: SendUpstream,
  { query, ...request }: { caller: Caller; url: string; query?: Record<string, string> },
  schema: z.ZodType<Record<Key, Row[]> & { pagination: Pagination }>,
  key: Key,
): Promise<Row[]> {
  return readAllPages(async (offset) => {
    const page = { ...query, offset, limit: maximumLimit };
    const answer = await ask(send, { ...request, method: 'GET', query: page }, schema);
    return { rows: answer[key], total: answer.pagination.total };
  });
}
