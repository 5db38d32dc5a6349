import { type InstanceListQuery, type Page, searchTextOf } from '@moru/types';
import { comparison, orderOf, type Row } from './order.ts';

const defaultLimit = 20;

export interface Selection<Item> {
  rows: Item[];
  page: Page;
}

/** One window of the rows that the query matches, in its order. */
export function selectInstances<Item extends Row>(
  all: readonly Item[],
  query: InstanceListQuery,
): Selection<Item> {
  const needle = query.q?.toLowerCase();
  const found = needle ? all.filter((row) => searchTextOf(row).includes(needle)) : [...all];
  const { sort, direction } = orderOf(query);
  return windowOf(found.sort(comparison(sort, direction)), query);
}

/** `found`: all that match, in order. */
export function windowOf<Item>(
  found: readonly Item[],
  { limit = defaultLimit, offset = 0 }: InstanceListQuery,
): Selection<Item> {
  return { rows: found.slice(offset, offset + limit), page: { total: found.length, offset, limit } };
}
