import pg from 'pg';

/** The store cannot be used; the message says which one and what to do. */
export class StoreError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
  }
}

/** PostgreSQL's classes of errors that are the statement's own fault (appendix A of its manual). */
const faultOfStatement = new Set(['22', '23', '26', '42']);

/**
 * Whether the store itself failed: it cannot be reached, is full, damaged or overloaded. A wrong statement is a fault
 * of ours and stays an internal error.
 */
export function isStoreFailure(error: unknown): boolean {
  if (error instanceof StoreError) return true;
  if (error instanceof pg.DatabaseError) return !faultOfStatement.has(error.code?.slice(0, 2) ?? '');
  if (!(error instanceof Error)) return false;
  if ('code' in error && error.code === 'ERR_SQLITE_ERROR') return isSqliteFailure(error);
  // what node-postgres says of a connection that broke while a statement was under way
  return /^(Connection terminated|Query read timeout|Client has encountered a connection error)/.test(
    error.message,
  );
}

/** Primary result codes (https://www.sqlite.org/rescode.html): SQLITE_ERROR 1, CONSTRAINT 19, MISMATCH 20, MISUSE 21, RANGE 25. */
const sqliteFaults = new Set([1, 19, 20, 21, 25]);

function isSqliteFailure(error: Error): boolean {
  const code = 'errcode' in error ? Number(error.errcode) & 0xff : 1;
  return !sqliteFaults.has(code);
}
