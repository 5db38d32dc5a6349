import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

/** How users like their own screens: one short JSON text for each screen. */
export async function addPreferences(db: Kysely<Schema>): Promise<void> {
  await db.schema
    .createTable('preference')
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('preference_key', ['user_id', 'name'])
    .execute();
}
