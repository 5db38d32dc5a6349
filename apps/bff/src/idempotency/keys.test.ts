import { expect, test } from 'vitest';
import { onEachStore } from '../testing/stores.ts';
import { createIdempotencyKeys } from './keys.ts';

const request = {
  key: '0b6f6c1e-6a3c-4a57',
  projectId: 'p',
  userId: 'u',
  request: 'POST /api/things {"a":1}',
};
const code = (error: { problem: { code: string } }) => error.problem.code;

onEachStore(({ open }) => {
  test('a key is claimed once, by one of many, and then answers what the first one was told', async () => {
    const { db } = await open();
    const keys = createIdempotencyKeys(db);
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => keys.claim(request)));
    const [claim, ...others] = all.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(others).toEqual([]);
    expect(all.flatMap((each) => (each.status === 'rejected' ? [code(each.reason)] : []))).toEqual(
      Array(7).fill('idempotency.unanswered'),
    );
    if (!claim || 'status' in claim) throw new Error('nobody has the key');
    await claim.keep({ status: 200, text: '{"secret":"shown once"}' });
    expect(await keys.claim(request)).toEqual({ status: 200, text: '{"secret":"shown once"}' });
    await expect(keys.claim({ ...request, request: 'POST /api/things {"a":2}' }).catch(code)).resolves.toBe(
      'idempotency.reused',
    );
    expect(await keys.claim({ ...request, userId: 'another' })).not.toHaveProperty('status');
    expect(await keys.claim({ ...request, projectId: 'another' })).not.toHaveProperty('status');
  });

  test('neither the key nor the answer stands in the store', async () => {
    const { db } = await open();
    const keys = createIdempotencyKeys(db);
    const claim = await keys.claim(request);
    if ('status' in claim) throw new Error('the key was used');
    await claim.keep({ status: 200, text: '{"secret":"shown once"}' });
    const [row] = await db.selectFrom('idempotency_key').selectAll().execute();
    const kept = [row?.id, row?.request_hash, Buffer.from(row?.answer ?? []).toString('latin1')].join(' ');
    expect(kept).not.toContain(request.key);
    expect(kept).not.toContain('shown once');
    expect(row?.answer?.length).toBeGreaterThan(20);
  });

  test('an answer without a body; a key that was released; a day later a key is new, and what is old goes', async () => {
    const { db } = await open();
    let now = 1_000_000;
    const keys = createIdempotencyKeys(db, () => now);
    const claimed = async () => {
      const claim = await keys.claim(request);
      if ('status' in claim) throw new Error('the key was used');
      return claim;
    };
    await (await claimed()).release();
    await (await claimed()).keep({ status: 204, text: null });
    expect(await keys.claim(request)).toEqual({ status: 204, text: null });
    now += 24 * 3_600_000;
    expect(await keys.claim(request)).toEqual({ status: 204, text: null });
    now += 1;
    await (await claimed()).keep({ status: 200, text: '{}' });
    now += 24 * 3_600_000 + 1;
    await keys.sweep();
    expect(await db.selectFrom('idempotency_key').selectAll().execute()).toEqual([]);
  });
});
