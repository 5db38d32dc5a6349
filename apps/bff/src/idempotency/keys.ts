import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { ProblemError } from '@moru/types';
import { createSecretBox } from '../store/secret-box.ts';
import type { Database } from '../store/store.ts';

/** A key is good for this long; then it is as if it had never been used. */
const keptMs = 24 * 3_600_000;

/** What a change was answered: the status, and the JSON text of the body where it has one. */
export interface Answer {
  status: number;
  text: string | null;
}

/** A change that nobody has made with this key before. */
export interface Claim {
  /** the change has had its outcome, whatever that was: the same request gets this answer from now on */
  keep(answer: Answer): Promise<void>;
  /** nothing was begun: the key is free again */
  release(): Promise<void>;
}

/** Who sends a key, and with which request. Keys of one person in one project never meet another's. */
export interface KeyedRequest {
  key: string;
  projectId: string;
  userId: string;
  /** method, path and input, as text */
  request: string;
}

export type IdempotencyKeys = ReturnType<typeof createIdempotencyKeys>;

/**
 * Changes by the key that the client made up for them (the HTTP working group's Idempotency-Key draft). A key that is
 * claimed stays so when this process dies before the answer is known: what may have happened is looked up and not
 * repeated. Answers may hold secrets that are shown once, so they are sealed with the key, which is not stored.
 */
export function createIdempotencyKeys(db: Database, now: () => number = Date.now) {
  return {
    /**
     * Resolves to the answer that the same request got before. Throws ProblemError: `idempotency.reused` where the key
     * came with another request, `idempotency.unanswered` where no answer to it is known.
     */
    async claim(keyed: KeyedRequest): Promise<Claim | Answer> {
      const { id, requestHash, box } = derive(keyed);
      const fresh = { request_hash: requestHash, status: null, answer: null, created_at: now() };
      const claimed = await db
        .insertInto('idempotency_key')
        .values({ id, ...fresh })
        .onConflict((conflict) =>
          conflict
            .column('id')
            .doUpdateSet(fresh)
            .where('idempotency_key.created_at', '<', now() - keptMs),
        )
        .returning('id')
        .executeTakeFirst();
      if (!claimed) {
        const kept = await db
          .selectFrom('idempotency_key')
          .selectAll()
          .where('id', '=', id)
          .executeTakeFirst();
        if (kept && kept.request_hash !== requestHash) throw new ProblemError('idempotency.reused');
        if (!kept || kept.status === null) throw new ProblemError('idempotency.unanswered');
        return { status: kept.status, text: kept.answer && box.open(kept.answer, id) };
      }
      return {
        async keep({ status, text }) {
          await db
            .updateTable('idempotency_key')
            .set({ status, answer: text === null ? null : box.seal(text, id) })
            .where('id', '=', id)
            .execute();
        },
        async release() {
          await db.deleteFrom('idempotency_key').where('id', '=', id).execute();
        },
      };
    },

    async sweep(): Promise<void> {
      await db
        .deleteFrom('idempotency_key')
        .where('created_at', '<', now() - keptMs)
        .execute();
    },
  };
}

function derive({ key, projectId, userId, request }: KeyedRequest) {
  const scope = JSON.stringify([projectId, userId, key]);
  const secret = Buffer.from(hkdfSync('sha256', key, scope, 'moru idempotency', 32));
  return {
    id: createHash('sha256').update(scope).digest('hex'),
    requestHash: createHmac('sha256', secret).update(request).digest('hex'),
    box: createSecretBox(secret),
  };
}
