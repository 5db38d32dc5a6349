import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

/**
 * Events of the last minutes. Their numbers are taken by the head's lock, so that they are committed in the order of
 * their numbers and nobody who has seen one misses an earlier one.
 */
export async function addEvents(db: Kysely<Schema>): Promise<void> {
  await db.schema
    .createTable('event')
    .addColumn('id', 'bigint', (column) => column.primaryKey())
    .addColumn('project_id', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('event_by_time').on('event').column('at').execute();
  await db.schema
    .createTable('event_head')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('last', 'bigint', (column) => column.notNull())
    .execute();
  await db.insertInto('event_head').values({ id: 1, last: 0 }).execute();
}
