import type { Database } from '../store/store.ts';
import type { ChainPlace } from './chain.ts';

/**
 * Lets go of the records before the first one that is not older than `before` (RFC 3339). The floor keeps number and
 * hash of the last one, so that the rest still proves to be whole. Resolves to that place, or to null when all stay.
 */
export async function pruneAudit(db: Database, before: string): Promise<ChainPlace | null> {
  return db.transaction().execute(async (transaction) => {
    const { first } = await transaction
      .selectFrom('audit')
      .select(({ fn }) => fn.min('seq').as('first'))
      .where('at', '>=', before)
      .executeTakeFirstOrThrow();
    const last = await transaction
      .selectFrom('audit')
      .select(['seq', 'hash'])
      .$if(first !== null, (query) => query.where('seq', '<', Number(first)))
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (!last) return null;
    await transaction.updateTable('audit_floor').set(last).where('seq', '<', last.seq).execute();
    await transaction.deleteFrom('audit').where('seq', '<=', last.seq).execute();
    return last;
  });
}
