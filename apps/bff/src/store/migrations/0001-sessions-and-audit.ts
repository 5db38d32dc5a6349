import { type Kysely, sql } from 'kysely';
import type { Schema } from '../schema.ts';
import { bytes, type StoreKind } from './columns.ts';

export async function createSessionsAndAudit(db: Kysely<Schema>, kind: StoreKind): Promise<void> {
  await db.schema
    .createTable('session')
    .addColumn('id_hash', 'text', (column) => column.primaryKey())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('user_name', 'text', (column) => column.notNull())
    .addColumn('project_id', 'text', (column) => column.notNull())
    .addColumn('project_name', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('token', bytes(kind), (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('used_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('audit')
    .addColumn('seq', 'bigint', (column) => column.primaryKey())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('project_id', 'text', (column) => column.notNull())
    .addColumn('operation_id', 'text', (column) => column.notNull())
    .addColumn('request_id', 'text', (column) => column.notNull())
    .addColumn('phase', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('target_type', 'text', (column) => column.notNull())
    .addColumn('target_id', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('previous_hash', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('audit_by_project').on('audit').columns(['project_id', 'seq']).execute();
  await (kind === 'sqlite' ? refuseInSqlite(db) : refuseInPostgres(db));
}

async function refuseInSqlite(db: Kysely<Schema>): Promise<void> {
  for (const verb of ['update', 'delete']) {
    await sql`create trigger ${sql.id(`audit_no_${verb}`)} before ${sql.raw(verb)} on audit
      begin select raise(abort, 'the audit log is append-only'); end`.execute(db);
  }
}

async function refuseInPostgres(db: Kysely<Schema>): Promise<void> {
  await sql`create function audit_refuse() returns trigger language plpgsql as
    $$ begin raise exception 'the audit log is append-only'; end $$`.execute(db);
  for (const verb of ['update', 'delete']) {
    await sql`create trigger ${sql.id(`audit_no_${verb}`)} before ${sql.raw(verb)} on audit
      for each row execute function audit_refuse()`.execute(db);
  }
  await sql`create trigger audit_no_truncate before truncate on audit
    for each statement execute function audit_refuse()`.execute(db);
}
