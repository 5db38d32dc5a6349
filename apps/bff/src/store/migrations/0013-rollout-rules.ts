import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

/** The rules of roll-outs, host by host: too long to be read with every look at an operation. */
export async function addRolloutRules(db: Kysely<Schema>): Promise<void> {
  await db.schema
    .createTable('rollout_rules')
    .addColumn('operation_id', 'text', (column) => column.primaryKey())
    .addColumn('wanted', 'text', (column) => column.notNull())
    .addColumn('before', 'text', (column) => column.notNull())
    .execute();
}
