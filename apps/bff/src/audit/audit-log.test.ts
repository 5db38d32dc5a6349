import { sql } from 'kysely';
import { beforeEach, expect, test } from 'vitest';
import type { Store } from '../store/store.ts';
import { auditEntry as entry } from '../testing/audit-entries.ts';
import { onEachStore } from '../testing/stores.ts';
import { type AuditLog, createAuditLog, systemEntry } from './audit-log.ts';
import { verifyAudit } from './verify.ts';

const newest = { limit: 10, offset: 0 };

onEachStore(({ open }) => {
  let store: Store;
  let audit: AuditLog;
  beforeEach(async () => {
    store = await open();
    audit = createAuditLog(store.db);
  });

  test('records are numbered without a gap, newest first, each project for itself', async () => {
    await Promise.all(['p', 'q', 'p', 'p'].map((projectId) => audit.append(entry({}, projectId))));
    const { records, page } = await audit.list('p', { limit: 2, offset: 0 });
    expect(page).toEqual({ total: 3, offset: 0, limit: 2 });
    const rest = await audit.list('p', { limit: 2, offset: 2 });
    const other = await audit.list('q', newest);
    const numbers = [...records, ...rest.records].map(({ seq }) => seq);
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
    expect([...numbers, ...other.records.map(({ seq }) => seq)].sort()).toEqual([1, 2, 3, 4]);
  });

  test('each change stands there once where only outcomes are asked for; one without outcome stays', async () => {
    const phases = [
      ['done', 'intent'],
      ['lost', 'intent'],
      ['done', 'succeeded'],
      ['no', 'refused'],
    ] as const;
    for (const [operationId, phase] of phases) await audit.append({ ...entry(), operationId, phase });
    await audit.append({ ...systemEntry('audit.prune', {}), projectId: 'p' });
    const { records, page } = await audit.list('p', { ...newest, outcomes: '1' });
    expect(page.total).toBe(4);
    expect(records.map(({ operationId, phase }) => `${operationId} ${phase}`)).toEqual([
      ' succeeded',
      'no refused',
      'done succeeded',
      'lost intent',
    ]);
    const { records: whole } = await audit.list('p', { ...newest, operation: 'done' });
    expect(whole.map(({ phase }) => phase)).toEqual(['succeeded', 'intent']);
  });

  test('replicas that write at once make one chain', async () => {
    const other = createAuditLog(store.db);
    await Promise.all(
      Array.from({ length: 60 }, (_, count) => (count % 2 ? audit : other).append(entry({ count }))),
    );
    expect(await verifyAudit(store.db)).toMatchObject({ records: 60, broken: null, head: { seq: 60 } });
  });

  test('a further write stands or falls with its record, and with no other', async () => {
    const failing = audit.append(entry({ count: 1 }), async () => {
      throw new Error('no');
    });
    const others = [audit.append(entry({ count: 0 })), audit.append(entry({ count: 2 }))];
    await expect(failing).rejects.toThrow('no');
    await Promise.all(others);
    const { records } = await audit.list('p', newest);
    expect(records.map(({ detail }) => detail.count).sort()).toEqual([0, 2]);
    expect(await verifyAudit(store.db)).toMatchObject({ records: 2, broken: null });
  });

  test('T13: the store itself refuses to change or remove a record', async () => {
    await audit.append(entry());
    await expect(store.db.deleteFrom('audit').execute()).rejects.toThrow(/append-only/);
    await expect(sql.raw(`update audit set phase = 'failed'`).execute(store.db)).rejects.toThrow(
      /append-only/,
    );
  });

  test('T12: control characters are escaped wherever they stand, and one record stays one', async () => {
    const hostile = 'a\r\n{"seq":99}\u001b[2J\u202egnp\u2028';
    await audit.append({
      ...entry({ [hostile]: { list: [hostile] } }),
      actor: { id: hostile, name: hostile, role: hostile, address: hostile },
      target: { type: 'instance', id: hostile, name: hostile },
    });
    const { records } = await audit.list('p', newest);
    const safe = 'a\\u000d\\u000a{"seq":99}\\u001b[2J\\u202egnp\\u2028';
    expect(records).toHaveLength(1);
    expect(records[0]?.actor).toEqual({ id: safe, name: safe, role: safe, address: safe });
    expect(records[0]?.target).toEqual({ type: 'instance', id: safe, name: safe });
    expect(records[0]?.detail).toEqual({ [safe]: { list: [safe] } });
  });

  test('records are found by what they say; signs of a pattern are only text', async () => {
    await audit.append({ ...entry({ port: '100%_tcp' }), action: 'publicIp.connect', phase: 'refused' });
    await audit.append({ ...entry(), requestId: 'ABC', target: { type: 'instance', id: 'z', name: null } });
    await audit.append(entry());
    await audit.append(systemEntry('audit.prune', {}));
    const found = async (query: Parameters<AuditLog['walk']>[1]) => {
      const pages: number[] = [];
      for await (const page of audit.walk('p', query)) pages.push(...page.map(({ seq }) => seq));
      expect((await audit.list('p', { ...query, ...newest })).records.map(({ seq }) => seq)).toEqual(pages);
      return pages;
    };
    expect(await found({})).toEqual([4, 3, 2, 1]);
    expect(await found({ q: '100%_TCP' })).toEqual([1]);
    expect(await found({ q: '%' })).toEqual([1]);
    expect(await found({ q: 'abc' })).toEqual([2]);
    expect(await found({ action: 'publicIp.' })).toEqual([1]);
    expect(await found({ phase: 'refused' })).toEqual([1]);
    expect(await found({ target: 'z' })).toEqual([2]);
    expect(await found({ q: 'KIM', action: 'firewall' })).toEqual([3, 2]);
    expect(await found({ from: new Date(Date.now() + 60_000).toISOString() })).toEqual([]);
    expect(await found({ to: new Date(Date.now() + 60_000).toISOString() })).toHaveLength(4);
  });
});
