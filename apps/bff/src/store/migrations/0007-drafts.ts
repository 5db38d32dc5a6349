import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

/** Drafts by user and host, and the rules of hosts that are switched off. */
export async function addDrafts(db: Kysely<Schema>): Promise<void> {
  await db.schema
    .createTable('draft')
    .addColumn('instance_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('user_name', 'text', (column) => column.notNull())
    .addColumn('project_id', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('revision', 'text', (column) => column.notNull())
    .addColumn('base', 'text', (column) => column.notNull())
    .addColumn('steps', 'text', (column) => column.notNull())
    .addColumn('step_count', 'integer', (column) => column.notNull())
    .addColumn('next_step', 'integer', (column) => column.notNull())
    .addColumn('off', 'text', (column) => column.notNull())
    .addColumn('trial_key', 'text')
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('draft_key', ['instance_id', 'user_id'])
    .execute();
  await db.schema
    .createTable('off_rules')
    .addColumn('instance_id', 'text', (column) => column.primaryKey())
    .addColumn('rules', 'text', (column) => column.notNull())
    .execute();
}
