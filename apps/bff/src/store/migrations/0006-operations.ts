import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

/** What people have set going that takes several steps, with how far it came; and what it holds meanwhile. */
export async function addOperations(db: Kysely<Schema>): Promise<void> {
  await db.schema
    .createTable('operation')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('project_id', 'text', (column) => column.notNull())
    .addColumn('parent_id', 'text')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('instance_id', 'text')
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('owner', 'text')
    .addColumn('lease_until', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  const indices = {
    operation_by_project: ['project_id', 'created_at'],
    operation_by_state: ['state', 'lease_until'],
    operation_by_parent: ['parent_id'],
  } as const;
  for (const [name, columns] of Object.entries(indices)) {
    await db.schema
      .createIndex(name)
      .on('operation')
      .columns([...columns])
      .execute();
  }
  await db.schema
    .createTable('operation_hold')
    .addColumn('resource', 'text', (column) => column.primaryKey())
    .addColumn('operation_id', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('hold_by_operation').on('operation_hold').column('operation_id').execute();
}
