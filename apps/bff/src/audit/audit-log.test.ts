import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, openStore } from '../store/store.ts';
import { type AuditEntry, type AuditLog, createAuditLog } from './audit-log.ts';
import { printable } from './printable.ts';

let folder: string;
let db: Database;
let audit: AuditLog;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moru-bff-audit-'));
  db = await openStore(folder);
  audit = createAuditLog(db);
});
afterEach(async () => {
  await db.destroy();
  await rm(folder, { recursive: true });
});

const entry = (detail: Record<string, unknown> = {}, projectId = 'p'): AuditEntry => ({
  operationId: 'o',
  requestId: 'r',
  phase: 'intent',
  actor: { id: 'u', name: 'kim', role: 'admin', address: '192.0.2.1' },
  action: 'firewall.change',
  target: { type: 'instance', id: 'i', name: 'web-01' },
  projectId,
  detail,
});
const newest = { limit: 10, offset: 0 };

test('records are numbered without a gap, newest first, each project for itself', async () => {
  await Promise.all(['p', 'q', 'p', 'p'].map((projectId) => audit.append(entry({}, projectId))));
  const { records, page } = await audit.list('p', { limit: 2, offset: 0 });
  expect(page).toEqual({ total: 3, offset: 0, limit: 2 });
  const rest = await audit.list('p', { limit: 2, offset: 2 });
  const other = await audit.list('q', newest);
  const numbers = [...records, ...rest.records].map(({ seq }) => seq);
  expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
  expect([...numbers, ...other.records.map(({ seq }) => seq)].sort()).toEqual([1, 2, 3, 4]);
  expect(await audit.checkTail()).toBeNull();
});

/** What somebody with the file in hands could do, triggers or not. */
async function tamper(statement: string): Promise<void> {
  for (const verb of ['update', 'delete']) await sql.raw(`drop trigger audit_no_${verb}`).execute(db);
  await sql.raw(statement).execute(db);
}

test.each([
  ['an edit', `update audit set body = replace(body, 'kim', 'lee') where seq = 3`, 3],
  ['an edit of the outcome', `update audit set phase = 'succeeded' where seq = 2`, 2],
  ['a removal', 'delete from audit where seq = 3', 4],
  // a log may begin anywhere, since old records are let go in time
  ['a removed beginning', 'delete from audit where seq = 1', null],
  ['a record moved to the end', 'update audit set seq = 6 where seq = 2', 3],
])('T13: %s shows at the first bad record', async (_name, statement, seq) => {
  for (let count = 0; count < 5; count += 1) await audit.append(entry({ count }));
  expect(await audit.checkTail()).toBeNull();
  await tamper(statement);
  expect(await audit.checkTail()).toBe(seq);
});

test('T13: the store itself refuses to change or remove a record', async () => {
  await audit.append(entry());
  await expect(db.deleteFrom('audit').execute()).rejects.toThrow(/append-only/);
  await expect(sql.raw(`update audit set phase = 'failed'`).execute(db)).rejects.toThrow(/append-only/);
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

test('T12: no text keeps a character that moves the cursor or breaks a line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
      const shown = printable(text);
      expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
      expect(shown.length).toBeLessThanOrEqual(8_100);
    }),
  );
});

test('of a long text beginning, end and SHA-256 are kept', () => {
  const text = `-s 192.0.2.1/32 ${'-m comment --comment x '.repeat(150)}-j ACCEPT`;
  const other = text.replace('comment x -m comment --comment x', 'comment x -m comment --comment y');
  const shown = printable(text);
  expect(shown).toMatch(/^-s 192\.0\.2\.1\/32 .* -j ACCEPT$/);
  expect(shown).toContain(createHash('sha256').update(text).digest('hex'));
  expect(shown.length).toBeLessThan(1_200);
  expect(printable(other)).not.toBe(shown);
  expect(printable(text.slice(0, 1_000))).toBe(text.slice(0, 1_000));
});

test('wide and deep details are cut', async () => {
  let deep: Record<string, unknown> = { end: true };
  for (let level = 0; level < 50; level += 1) deep = { deep };
  await audit.append(entry({ deep, wide: Array(1_000).fill('x'), long: 'y'.repeat(100_000) }));
  const { records } = await audit.list('p', newest);
  expect(JSON.stringify(records[0]?.detail).length).toBeLessThan(3_000);
});
