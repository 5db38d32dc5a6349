import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

/** Sessions of programs. All null for those of browsers. */
export async function addApiTokens(db: Kysely<Schema>): Promise<void> {
  await db.schema.alterTable('session').addColumn('api_token', 'text').execute();
  await db.schema.alterTable('session').addColumn('irrevocable', 'integer').execute();
}
