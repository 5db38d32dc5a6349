import { sql, type Transaction } from 'kysely';
import type { Schema } from '../store/schema.ts';
import type { Database } from '../store/store.ts';
import { type AuditRow, hashOf } from './chain.ts';

export type UnchainedRow = Omit<AuditRow, 'seq' | 'at' | 'previous_hash' | 'hash'>;

/** Further writes that must happen with the record or not at all; they may tell of further records. */
export type Within<Row = UnchainedRow> = (
  transaction: Transaction<Schema>,
) => Promise<readonly Row[] | undefined>;

interface Waiting {
  rows: readonly UnchainedRow[];
  within: Within | undefined;
  resolve(): void;
  reject(error: unknown): void;
}

/** One commit serves at most so many callers, so that the head is not held for long. */
const maximumBatch = 100;

/**
 * Appends rows to the chain. Rows that arrive while a commit is under way share the next one: the disk is asked
 * once for many. All replicas take turns at the head's row, which is locked until the commit.
 */
export function createAppender(db: Database) {
  const queue: Waiting[] = [];
  let flushing = false;

  const flush = async () => {
    if (flushing) return;
    flushing = true;
    for (let batch = takeBatch(queue); batch.length > 0; batch = takeBatch(queue)) {
      try {
        await db.transaction().execute((transaction) => write(transaction, batch));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    flushing = false;
  };

  return (rows: readonly UnchainedRow[], within?: Within): Promise<void> =>
    new Promise((resolve, reject) => {
      queue.push({ rows, within, resolve, reject });
      void flush();
    });
}

/** A row with further writes is committed alone: what fails with it must not fail others. */
function takeBatch(queue: Waiting[]): Waiting[] {
  const alone = queue.findIndex(({ within }) => within !== undefined);
  const length = alone === -1 ? queue.length : Math.max(alone, 1);
  return queue.splice(0, Math.min(length, maximumBatch));
}

async function write(transaction: Transaction<Schema>, batch: readonly Waiting[]): Promise<void> {
  // the head is locked first, also where nothing is recorded yet: whoever locks it after other rows may deadlock
  await chain(
    transaction,
    batch.flatMap(({ rows }) => rows),
  );
  for (const { within } of batch) {
    const more = (await within?.(transaction)) ?? [];
    if (more.length > 0) await chain(transaction, more);
  }
}

async function chain(transaction: Transaction<Schema>, unchained: readonly UnchainedRow[]): Promise<void> {
  const head = await transaction
    .updateTable('audit_head')
    .set({ seq: sql`seq + ${unchained.length}` })
    .where('id', '=', 1)
    .returning(['seq', 'hash'])
    .executeTakeFirstOrThrow();
  if (unchained.length === 0) return;
  let seq = head.seq - unchained.length;
  let hash = head.hash;
  const rows = unchained.map((row) => {
    seq += 1;
    const whole = { ...row, seq, at: new Date().toISOString(), previous_hash: hash };
    hash = hashOf(whole);
    return { ...whole, hash };
  });
  await transaction.insertInto('audit').values(rows).execute();
  await transaction.updateTable('audit_head').set({ hash }).where('id', '=', 1).execute();
}
