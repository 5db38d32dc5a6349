import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSecretBox } from './secret-box.ts';
import { openStore, pingStore } from './store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moru-bff-store-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('what is written survives closing and opening, with every commit on disk', async () => {
  const first = await openStore(folder);
  const pragmas = await sql<{ journal_mode: string }>`pragma journal_mode`.execute(first);
  const synchronous = await sql<{ synchronous: number }>`pragma synchronous`.execute(first);
  expect(pragmas.rows[0]?.journal_mode).toBe('wal');
  expect(synchronous.rows[0]?.synchronous).toBe(2);
  const session = { user_id: 'u', user_name: 'n', project_id: 'p', project_name: 'p', role: 'admin' };
  const times = { created_at: 1, used_at: 2, expires_at: 4_102_444_800_000 };
  const token = new Uint8Array([0, 255, 7]);
  await first
    .insertInto('session')
    .values({ id_hash: 'h', ...session, ...times, token })
    .execute();
  await first.destroy();

  const second = await openStore(folder);
  const row = await second.selectFrom('session').selectAll().executeTakeFirstOrThrow();
  expect(row).toMatchObject({ ...session, ...times });
  expect([...row.token]).toEqual([0, 255, 7]);
  await pingStore(second);
  await second.destroy();
  await expect(pingStore(second)).rejects.toThrow();
});

test('F8: a damaged file is refused with advice, and left as it is', async () => {
  await (await openStore(folder)).destroy();
  const file = join(folder, 'moru.db');
  const bytes = await readFile(file);
  bytes.fill(0x5a, 0, 4_096);
  await writeFile(file, bytes);
  await expect(openStore(folder)).rejects.toThrow(/moru\.db cannot be read .*restore a backup/);
  expect(await readFile(file)).toEqual(bytes);
});

test('a file of a newer program is refused', async () => {
  const db = await openStore(folder);
  await sql`insert into kysely_migration (name, timestamp) values ('9999-later', '2030')`.execute(db);
  await db.destroy();
  await expect(openStore(folder)).rejects.toThrow(/not brought up to date.*9999-later/);
});

test('a failed transaction leaves nothing and blocks nobody', async () => {
  const db = await openStore(folder);
  const failing = db.transaction().execute(async (transaction) => {
    await sql`create table half (a)`.execute(transaction);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  await expect(sql`select * from half`.execute(db)).rejects.toThrow(/no such table/);
  await db.destroy();
});

test('a sealed secret opens with its key and its context only, unchanged', () => {
  const key = Buffer.alloc(32, 1);
  const box = createSecretBox(key);
  const sealed = box.seal('비밀 token', 'row-1');
  expect(box.open(sealed, 'row-1')).toBe('비밀 token');
  expect(box.seal('비밀 token', 'row-1')).not.toEqual(sealed);
  expect(() => box.open(sealed, 'row-2')).toThrow();
  expect(() => createSecretBox(Buffer.alloc(32, 2)).open(sealed, 'row-1')).toThrow();
  for (let index = 0; index < sealed.length; index += 1) {
    const changed = Buffer.from(sealed);
    changed[index] = (changed[index] ?? 0) ^ 1;
    expect(() => box.open(changed, 'row-1')).toThrow();
  }
  expect(() => box.open(sealed.subarray(0, 20), 'row-1')).toThrow();
});
