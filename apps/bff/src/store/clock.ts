import { type RawBuilder, sql } from 'kysely';
import type { StoreKind } from './migrations/columns.ts';

/** The store's own time in milliseconds: replicas may disagree about theirs. */
export function storeNow(kind: StoreKind): RawBuilder<number> {
  return kind === 'sqlite'
    ? sql<number>`cast(unixepoch('subsec') * 1000 as integer)`
    : sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`;
}
