import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { migrations } from './migrations.ts';
import { openSqlite, sqliteDialect } from './node-sqlite.ts';
import type { Schema } from './schema.ts';

export type Database = Kysely<Schema>;

/** The file cannot be used; the message says which file and what to do. */
export class StoreError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
  }
}

/**
 * Opens the store of a data folder and brings its schema up to date. A damaged file is refused and left as it is:
 * writing on would bury what could still be read (reference/security.md F8).
 */
export async function openStore(folder: string): Promise<Database> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'moru.db');
  let database: DatabaseSync;
  try {
    database = openSqlite(file);
    const [result] = database.prepare('PRAGMA quick_check(1)').all();
    if (result?.quick_check !== 'ok') throw new Error(String(result?.quick_check));
  } catch (error) {
    throw new StoreError(
      `${file} cannot be read (${error instanceof Error ? error.message : error}): keep a copy of it and of its -wal file, then restore a backup`,
      { cause: error },
    );
  }
  const db = new Kysely<Schema>({ dialect: sqliteDialect(database) });
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) {
    await db.destroy();
    throw new StoreError(`${file} was not brought up to date: ${error}`, { cause: error });
  }
  return db;
}

/** Rejects when the store does not answer. */
export async function pingStore(db: Database): Promise<void> {
  await sql`select 1`.execute(db);
}
