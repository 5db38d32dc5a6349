import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { migrations } from './migrations.ts';

/** The state on disk cannot be used; the message says what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

// Texts of statements are few, but those of lists vary with their filters.
const cachedStatements = 200;
const cachedCounts = 200;

/**
 * The cloud's state: one SQLite file, durable once a write returns (WAL, synchronous=FULL). All calls are
 * synchronous, so what runs between two awaits of a handler is not interleaved with another request.
 */
export class Store {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  // what was counted since the last write
  readonly #counts = new Map<string, number>();

  /** @throws StoreError when the file is damaged, newer than this program, or held by another process */
  constructor(directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const path = join(directory, 'cloud.db');
    const database = new DatabaseSync(path, { timeout: 500 });
    try {
      // One process owns the file: a second one would program the fabric from its own picture.
      database.exec('PRAGMA locking_mode = EXCLUSIVE');
      database.exec('PRAGMA journal_mode = WAL');
      database.exec('PRAGMA synchronous = FULL');
      const check = database.prepare('PRAGMA quick_check(1)').get();
      if (check?.quick_check !== 'ok') throw new Error('quick_check failed');
      migrate(database);
    } catch (error) {
      database.close();
      throw new StoreError(`${path} cannot be used: ${reasonOf(error)}`, { cause: error });
    }
    this.#database = database;
  }

  get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#prepare(sql).get(...values) as Row | undefined;
  }

  all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#prepare(sql).all(...values) as Row[];
  }

  /**
   * The number that `sql` counts. SQLite walks all rows for it, and a list that is asked for its length many times a
   * second changes far less often.
   */
  count(sql: string, ...values: SQLInputValue[]): number {
    const key = JSON.stringify([sql, values]);
    const known = this.#counts.get(key);
    if (known !== undefined) return known;
    const [counted] = Object.values(this.get<Record<string, number>>(sql, ...values) ?? {});
    const count = counted ?? 0;
    if (this.#counts.size >= cachedCounts) this.#counts.clear();
    this.#counts.set(key, count);
    return count;
  }

  /** Number of rows changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    this.#counts.clear();
    return Number(this.#prepare(sql).run(...values).changes);
  }

  /** Runs `work` whole or not at all; it must not await. */
  transaction<Result>(work: () => Result): Result {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#counts.clear();
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      const oldest = this.#statements.keys().next();
      if (this.#statements.size >= cachedStatements && !oldest.done) this.#statements.delete(oldest.value);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function migrate(database: DatabaseSync): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (version > migrations.length) throw new Error('it was written by a newer version');
  // A step that rebuilds a table would else throw away what refers to it (sqlite.org, "Making Other Kinds Of Table
  // Schema Changes"); the setting holds for a connection and cannot be changed inside a transaction.
  database.exec('PRAGMA foreign_keys = OFF');
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue;
    database.exec(`BEGIN IMMEDIATE; ${sql}; PRAGMA user_version = ${index + 1}`);
    if (database.prepare('PRAGMA foreign_key_check').get() !== undefined) {
      throw new Error(`step ${index + 1} of its schema leaves rows without what they refer to`);
    }
    database.exec('COMMIT');
  }
  database.exec('PRAGMA foreign_keys = ON');
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/locked|busy/i.test(message)) return 'another process holds it; end that one first';
  if (/malformed|not a database|quick_check/i.test(message)) {
    return 'it is damaged; restore a backup, or move it away to begin anew';
  }
  return message;
}
