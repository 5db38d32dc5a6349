import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';
import { bytes, type StoreKind } from './columns.ts';

/** Trials that were started through this console, until a day after their end. */
export async function addTrials(db: Kysely<Schema>, kind: StoreKind): Promise<void> {
  await db.schema
    .createTable('trial')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('instance_id', 'text', (column) => column.notNull())
    .addColumn('project_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('user_name', 'text', (column) => column.notNull())
    .addColumn('note', 'text', (column) => column.notNull())
    .addColumn('trial_id', 'text')
    .addColumn('secret', bytes(kind))
    .addColumn('seen', 'text')
    .addColumn('seen_at', 'bigint')
    .addColumn('deadline_at', 'bigint', (column) => column.notNull())
    .addColumn('sent_at', 'bigint', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .execute();
  await db.schema.createIndex('trial_by_instance').on('trial').columns(['instance_id', 'sent_at']).execute();
}
