import { beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../store/store.ts';
import { auditEntry as entry, tamper } from '../testing/audit-entries.ts';
import { onEachStore } from '../testing/stores.ts';
import { type AuditLog, createAuditLog } from './audit-log.ts';
import { pruneAudit } from './retention.ts';
import { verifyAudit, verifyTail } from './verify.ts';

onEachStore(({ open }) => {
  let store: Store;
  let audit: AuditLog;
  beforeEach(async () => {
    store = await open();
    audit = createAuditLog(store.db);
    for (let count = 1; count <= 5; count += 1) await audit.append(entry({ count }));
  });
  const places = () => store.db.selectFrom('audit').select(['seq', 'hash']).orderBy('seq').execute();

  describe('T13: the first bad record is named', () => {
    test.each([
      ['an edit', [`update audit set body = replace(body, 'kim', 'lee') where seq = 3`], 3],
      ['an edit of the outcome', [`update audit set phase = 'succeeded' where seq = 2`], 2],
      ['a removal', ['delete from audit where seq = 3'], 3],
      ['a removed beginning', ['delete from audit where seq = 1'], 1],
      ['a cut tail', ['delete from audit where seq > 3'], 4],
      ['everything gone', ['delete from audit'], 1],
      ['a record moved to the end', ['update audit set seq = 6 where seq = 2'], 2],
      [
        'two records swapped',
        [
          'update audit set seq = 9 where seq = 2',
          'update audit set seq = 2 where seq = 3',
          'update audit set seq = 3 where seq = 9',
        ],
        2,
      ],
      ['a moved head', ['update audit_head set seq = 4'], 5],
    ])('%s', async (_name, statements, seq) => {
      expect(await verifyTail(store.db)).toBeNull();
      expect((await verifyAudit(store.db)).broken).toBeNull();
      await tamper(store, ...statements);
      expect(await verifyTail(store.db)).toBe(seq);
      expect((await verifyAudit(store.db)).broken).toBe(seq);
    });
  });

  test('T13: a tail that was cut with its head, and a rewritten log, contradict what was kept elsewhere', async () => {
    const anchors = await places();
    await tamper(
      store,
      'delete from audit where seq > 3',
      'update audit_head set seq = 3, hash = (select hash from audit where seq = 3)',
    );
    expect((await verifyAudit(store.db)).broken).toBeNull();
    expect((await verifyAudit(store.db, anchors)).broken).toBe(4);
    await audit.append(entry({ forged: true }));
    expect((await verifyAudit(store.db, anchors)).broken).toBe(4);
  });

  test('what retention lets go is missed by nobody, and the rest cannot be let go', async () => {
    const all = await places();
    const cut = new Date(Date.now() + 60_000).toISOString();
    expect(await pruneAudit(store.db, '2020-01-01T00:00:00.000Z')).toBeNull();
    expect(await pruneAudit(store.db, cut)).toEqual(all.at(-1));
    await audit.append(entry({ count: 6 }));
    expect(await verifyAudit(store.db, all)).toMatchObject({ records: 1, broken: null, head: { seq: 6 } });
    await expect(store.db.deleteFrom('audit').execute()).rejects.toThrow(/append-only/);
    await tamper(store, 'update audit_floor set seq = 3');
    expect((await verifyAudit(store.db)).broken).toBe(4);
  });

  test('F7: a lost log goes on after its anchor, with a record of the gap', async () => {
    const [, second, , , newest] = await places();
    if (!second || !newest) throw new Error('five were written');
    const older = await open();
    await createAuditLog(older.db).resume(newest);
    await createAuditLog(older.db).append(entry());
    expect(await verifyAudit(older.db, [newest])).toMatchObject({ records: 2, broken: null, gaps: [6] });
    const { records } = await createAuditLog(older.db).list('p', { limit: 9, offset: 0 });
    expect(records.at(-1)).toMatchObject({ action: 'audit.gap', detail: { lost: { from: 1, to: 5 } } });

    await tamper(older, 'delete from audit where seq = 6');
    expect((await verifyAudit(older.db, [newest])).broken).toBe(1);
  });
});
