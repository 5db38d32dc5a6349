import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

/** Where sessions were begun, and cookies that change within a session. All null where an older replica began it. */
export async function addSessionDevices(db: Kysely<Schema>): Promise<void> {
  const columns = {
    cookie_hash: 'text',
    previous_hash: 'text',
    previous_until: 'bigint',
    proved_at: 'bigint',
    address: 'text',
    device: 'text',
  } as const;
  for (const [name, type] of Object.entries(columns)) {
    await db.schema.alterTable('session').addColumn(name, type).execute();
  }
  const indices = {
    session_by_cookie: 'cookie_hash',
    session_by_previous: 'previous_hash',
    session_by_user: 'user_id',
  };
  for (const [name, column] of Object.entries(indices)) {
    await db.schema.createIndex(name).on('session').column(column).execute();
  }
}
