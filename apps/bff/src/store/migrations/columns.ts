import { type RawBuilder, sql } from 'kysely';

/** Which database stands behind the store. */
export type StoreKind = 'sqlite' | 'postgresql';

/** What the two databases call bytes. */
export function bytes(kind: StoreKind): RawBuilder<unknown> {
  return kind === 'sqlite' ? sql`blob` : sql`bytea`;
}
