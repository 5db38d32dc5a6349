import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

/** Finds the outcome of an intent without reading the whole log. */
export async function indexAuditOperations(db: Kysely<Schema>): Promise<void> {
  await db.schema.createIndex('audit_by_operation').on('audit').column('operation_id').execute();
}
