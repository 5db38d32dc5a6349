import {
  type FirewallSummary,
  filterFor,
  type InstanceListQuery,
  type Page,
  searchTextOf,
} from '@moru/types';
import { comparison, orderOf, type Row } from './order.ts';

const defaultLimit = 20;

export interface Selection<Item> {
  rows: Item[];
  page: Page;
}

/** What is known of a host's firewall, without asking it. */
export type FirewallOf<Item> = (row: Item) => FirewallSummary;

/** Those of the rows that the query matches, in their order. `textOf`: what `q` is looked for in, of the row at a place. */
export function matching<Item extends Row>(
  rows: readonly Item[],
  query: InstanceListQuery,
  firewallOf: FirewallOf<Item>,
  textOf: (row: Item, place: number) => string = searchTextOf,
): readonly Item[] {
  const needle = query.q?.toLowerCase();
  const passes = filterFor<Item>(query, firewallOf);
  if (!needle && !passes) return rows;
  return rows.filter(
    (row, place) => (!needle || textOf(row, place).includes(needle)) && (!passes || passes(row)),
  );
}

/** One window of the rows that the query matches, in its order. */
export function selectInstances<Item extends Row>(
  all: readonly Item[],
  query: InstanceListQuery,
  firewallOf: FirewallOf<Item>,
): Selection<Item> {
  const { sort, direction } = orderOf(query);
  return windowOf(matching(all, query, firewallOf).toSorted(comparison(sort, direction)), query);
}

/** `found`: all that match, in order. */
export function windowOf<Item>(
  found: readonly Item[],
  { limit = defaultLimit, offset = 0 }: InstanceListQuery,
): Selection<Item> {
  return { rows: found.slice(offset, offset + limit), page: { total: found.length, offset, limit } };
}
