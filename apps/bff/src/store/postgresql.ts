import { type Dialect, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Logger } from '../log.ts';
import { StoreError } from './errors.ts';

/** Connections of one replica: requests wait for one rather than crowd the database. */
const maximumConnections = 16;
const connectMs = 5_000;
/** no statement of ours takes a second, so one that takes this long waits for something that will not come */
const statementMs = 15_000;

const int8 = 20;

/** Counts and times fit a number; node-postgres would give them as text. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === int8 && format !== 'binary'
      ? (text: string) => Number(text)
      : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

/** What every connection to the database has in common, that of the listener too. */
export function connectionOptions(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: 'moru-bff',
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    types,
  };
}

/** A pool of connections behind Kysely. A database that cannot be reached rejects with a StoreError. */
export function postgresDialect(url: string, log: Logger): Dialect {
  const pool = new pg.Pool({
    ...connectionOptions(url),
    max: maximumConnections,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementMs,
    query_timeout: statementMs + 1_000,
    lock_timeout: statementMs - 5_000,
    idle_in_transaction_session_timeout: statementMs,
  });
  // an idle connection that breaks is replaced when the next one is needed
  pool.on('error', (error) => log.warn({ error }, 'a connection to the database broke'));
  return new PostgresDialect({
    pool: {
      options: pool.options,
      end: () => pool.end(),
      connect: () =>
        pool.connect().catch((error: Error) => {
          throw new StoreError(`the database cannot be reached (${error.message})`, { cause: error });
        }),
    },
  });
}
