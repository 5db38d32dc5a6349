import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
  type TransactionSettings,
} from 'kysely';
import { StoreError } from './errors.ts';

/** Statements kept compiled; the routes use far fewer, so nothing is ever compiled twice. */
const maximumStatements = 200;

/** How long a start waits for the process before it to let go of the folder. */
const ownerWaitMs = 1_000;

export interface SqliteFile {
  dialect: Dialect;
  file: string;
  /** lets go of the folder; after the connection is closed */
  release(): void;
}

/**
 * Opens `moru.db` of a data folder through Node's own SQLite, for one process at a time. A damaged file is refused
 * and left as it is: writing on would bury what could still be read (reference/security.md F8).
 */
export async function openSqlite(folder: string): Promise<SqliteFile> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const release = claimFolder(folder);
  try {
    const file = storeFile(folder);
    return { dialect: sqliteDialect(openChecked(file)), file, release };
  } catch (error) {
    release();
    throw error;
  }
}

export function storeFile(folder: string): string {
  return join(folder, 'moru.db');
}

/**
 * One process per folder: leases, events and the wake-up of listeners hold within it. The lock is the operating
 * system's, on a file beside the store, so a killed process holds nothing and other programs may read the store.
 */
export function claimFolder(folder: string): () => void {
  const owner = new DatabaseSync(join(folder, 'owner.lock'), { timeout: ownerWaitMs });
  try {
    owner.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    owner.close();
    throw new StoreError(`${folder} is in use by another process`, { cause: error });
  }
  return () => owner.close();
}

/** Opens a file that must be whole; throws a StoreError with advice. */
export function openChecked(file: string): DatabaseSync {
  try {
    const database = new DatabaseSync(file, { timeout: 5_000, enableForeignKeyConstraints: true });
    try {
      // FULL: an acknowledged audit record survives a power cut
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
      const [result] = database.prepare('PRAGMA quick_check(1)').all();
      if (result?.quick_check !== 'ok') throw new Error(String(result?.quick_check));
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    const reason = String(error instanceof Error ? error.message : error).replaceAll('\n', ' ');
    throw new StoreError(
      `${file} cannot be read (${reason}). Nothing was changed. To mend: ` +
        'keep a copy of it and of its -wal file, then run the command `restore` with the last backup',
      { cause: error },
    );
  }
}

/** A read cannot become a write half-way: it would fail once another connection has written in between. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(
    connection: DatabaseConnection,
    settings?: TransactionSettings,
  ): Promise<void> {
    const readOnly = settings?.accessMode === 'read only';
    await connection.executeQuery(CompiledQuery.raw(readOnly ? 'begin' : 'begin immediate'));
  }
}

class NodeSqliteDialect extends SqliteDialect {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    super({ database });
    this.#database = database;
  }

  override createDriver() {
    return new ImmediateDriver({ database: this.#database });
  }
}

/** Kysely's dialect expects better-sqlite3, whose calls differ in form only. */
export function sqliteDialect(database: DatabaseSync): Dialect {
  const statements = new Map<string, ReturnType<typeof adapt>>();
  const adapt = (sql: string) => {
    const statement = database.prepare(sql);
    const bind = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
    return {
      reader: statement.columns().length > 0,
      all: (parameters: readonly unknown[]) => statement.all(...bind(parameters)),
      run: (parameters: readonly unknown[]) => statement.run(...bind(parameters)),
      iterate: (parameters: readonly unknown[]) => statement.iterate(...bind(parameters)),
    };
  };
  return new NodeSqliteDialect({
    close: () => database.close(),
    prepare(sql) {
      const known = statements.get(sql);
      if (known) return known;
      const statement = adapt(sql);
      if (statements.size < maximumStatements) statements.set(sql, statement);
      return statement;
    },
  });
}
