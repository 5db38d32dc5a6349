import { type Kysely, sql } from 'kysely';
import type { Schema } from '../schema.ts';
import type { StoreKind } from './columns.ts';

const genesisHash = '0'.repeat(64);

/**
 * The head of the audit chain in a row of its own: replicas append one after the other by its lock, and a tail that
 * was cut off is missed. The floor is how far retention has let records go, and only those may be deleted.
 */
export async function addAuditHead(db: Kysely<Schema>, kind: StoreKind): Promise<void> {
  for (const table of ['audit_head', 'audit_floor'] as const) {
    await db.schema
      .createTable(table)
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('seq', 'bigint', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .execute();
  }
  const last = await db
    .selectFrom('audit')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  await db
    .insertInto('audit_head')
    .values({ id: 1, ...(last ?? { seq: 0, hash: genesisHash }) })
    .execute();
  await db.insertInto('audit_floor').values({ id: 1, seq: 0, hash: genesisHash }).execute();
  await db.schema.createIndex('audit_by_time').on('audit').column('at').execute();
  await (kind === 'sqlite' ? letGoInSqlite(db) : letGoInPostgres(db));
}

async function letGoInSqlite(db: Kysely<Schema>): Promise<void> {
  await sql`drop trigger audit_no_delete`.execute(db);
  await sql`create trigger audit_no_delete before delete on audit
    when old.seq > (select seq from audit_floor)
    begin select raise(abort, 'the audit log is append-only'); end`.execute(db);
}

async function letGoInPostgres(db: Kysely<Schema>): Promise<void> {
  await sql`create function audit_refuse_delete() returns trigger language plpgsql as $$
    begin
      if old.seq > (select seq from audit_floor) then
        raise exception 'the audit log is append-only';
      end if;
      return old;
    end $$`.execute(db);
  await sql`drop trigger audit_no_delete on audit`.execute(db);
  await sql`create trigger audit_no_delete before delete on audit
    for each row execute function audit_refuse_delete()`.execute(db);
}
