import type { Transaction } from 'kysely';
import type { Schema } from '../store/schema.ts';
import { bodyOf, readOperation, type StoredOperation } from './model.ts';

/**
 * Counts the items of a bulk operation anew, which ends once none of them runs. The parent's row is written first and
 * so locked: two items that end at once count one after the other.
 */
export async function countItems(
  transaction: Transaction<Schema>,
  parentId: string,
): Promise<StoredOperation | null> {
  const row = await transaction
    .updateTable('operation')
    .set({ updated_at: Date.now() })
    .where('id', '=', parentId)
    .returningAll()
    .executeTakeFirst();
  if (!row) return null;
  const counts = await transaction
    .selectFrom('operation')
    .select(['state', ({ fn }) => fn.countAll<number>().as('count')])
    .where('parent_id', '=', parentId)
    .groupBy('state')
    .execute();
  const count = (wanted: (state: string) => boolean) =>
    counts.reduce((sum, { state, count: each }) => sum + (wanted(state) ? each : 0), 0);
  const running = count((state) => state === 'running');
  const items = {
    total: count(() => true),
    succeeded: count((state) => state === 'succeeded'),
    failed: count((state) => state !== 'succeeded' && state !== 'running'),
  };
  const state = running > 0 ? 'running' : items.failed > 0 ? 'failed' : 'succeeded';
  const parent: StoredOperation = { ...readOperation(row), state, items };
  await transaction
    .updateTable('operation')
    .set({ state, body: bodyOf(parent) })
    .where('id', '=', parentId)
    .execute();
  return parent;
}
