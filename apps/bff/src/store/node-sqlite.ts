import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { type Dialect, SqliteDialect } from 'kysely';

/** Statements kept compiled; the routes use far fewer, so nothing is ever compiled twice. */
const maximumStatements = 200;

/** Opens a file through Node's own SQLite. Kysely's dialect expects better-sqlite3, whose calls differ in form only. */
export function openSqlite(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: 5_000, enableForeignKeyConstraints: true });
  // FULL: an acknowledged audit record survives a power cut
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  return database;
}

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
  return new SqliteDialect({
    database: {
      close: () => database.close(),
      prepare(sql) {
        const known = statements.get(sql);
        if (known) return known;
        const statement = adapt(sql);
        if (statements.size < maximumStatements) statements.set(sql, statement);
        return statement;
      },
    },
  });
}
