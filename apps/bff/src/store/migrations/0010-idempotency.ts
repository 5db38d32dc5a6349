import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';
import { bytes, type StoreKind } from './columns.ts';

/** What changes that carried an Idempotency-Key were answered. */
export async function addIdempotency(db: Kysely<Schema>, kind: StoreKind): Promise<void> {
  await db.schema
    .createTable('idempotency_key')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('request_hash', 'text', (column) => column.notNull())
    .addColumn('status', 'integer')
    .addColumn('answer', bytes(kind))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('idempotency_by_age').on('idempotency_key').column('created_at').execute();
}
