import { Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Logger } from '../log.ts';
import { StoreError } from './errors.ts';
import { migrationsFor } from './migrations/all.ts';
import type { StoreKind } from './migrations/columns.ts';
import { postgresDialect } from './postgresql.ts';
import type { Schema } from './schema.ts';
import { openChecked, openSqlite, sqliteDialect, storeFile } from './sqlite.ts';

export type Database = Kysely<Schema>;

/** A file in a folder, or a PostgreSQL database that several replicas share. */
export type StorePlace = { kind: 'sqlite'; folder: string } | { kind: 'postgresql'; url: string };

export interface Store {
  kind: StoreKind;
  place: StorePlace;
  db: Database;
  close(): Promise<void>;
}

/** Opens the store and brings its schema up to date; rejects with a StoreError. */
export async function openStore(place: StorePlace, log: Logger): Promise<Store> {
  const { db, name, release } = await connect(place, log);
  const close = async () => {
    await db.destroy();
    release();
  };
  try {
    await migrate(db, place.kind, name);
  } catch (error) {
    await close();
    throw error;
  }
  return { kind: place.kind, place, db, close };
}

/** Opens a store for reading beside the program that owns it; neither its schema nor its owner is touched. */
export function openBeside(place: StorePlace, log: Logger): Database {
  const dialect =
    place.kind === 'sqlite'
      ? sqliteDialect(openChecked(storeFile(place.folder)))
      : postgresDialect(place.url, log);
  return new Kysely<Schema>({ dialect });
}

async function connect(place: StorePlace, log: Logger) {
  if (place.kind === 'sqlite') {
    const { dialect, file, release } = await openSqlite(place.folder);
    return { db: new Kysely<Schema>({ dialect }), name: file, release };
  }
  const db = new Kysely<Schema>({ dialect: postgresDialect(place.url, log) });
  return { db, name: 'the database', release: () => undefined };
}

/** Replicas that start at once wait for each other: Kysely holds an advisory lock of PostgreSQL meanwhile. */
async function migrate(db: Database, kind: StoreKind, name: string): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrationsFor(kind) },
    // steps that were written side by side may reach a store in another order than that of their names
    allowUnorderedMigrations: true,
  });
  const { error } = await migrator.migrateToLatest();
  if (error instanceof StoreError) throw error;
  if (error) throw new StoreError(`${name} was not brought up to date: ${error}`, { cause: error });
}

/** Rejects when the store does not answer. */
export async function pingStore(db: Database): Promise<void> {
  await sql`select 1`.execute(db);
}
