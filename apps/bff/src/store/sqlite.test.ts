import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { quiet } from '../testing/stores.ts';
import { isStoreFailure } from './errors.ts';
import { openStore } from './store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moru-bff-sqlite-'));
});
afterEach(() => rm(folder, { recursive: true }));

const open = () => openStore({ kind: 'sqlite', folder }, quiet);
const file = () => join(folder, 'moru.db');

test('every commit reaches the disk', async () => {
  const { db, close } = await open();
  const pragmas = await sql<{ journal_mode: string }>`pragma journal_mode`.execute(db);
  const synchronous = await sql<{ synchronous: number }>`pragma synchronous`.execute(db);
  expect(pragmas.rows[0]?.journal_mode).toBe('wal');
  expect(synchronous.rows[0]?.synchronous).toBe(2);
  await close();
});

test.each([
  ['a damaged header', (bytes: Buffer) => bytes.fill(0x5a, 0, 4_096)],
  ['flipped bytes of a page', (bytes: Buffer) => bytes.fill(0xff, 4_096 * 2, 4_096 * 2 + 64)],
])('F8: %s is refused with advice, and left as it is', async (_name, damage) => {
  await (await open()).close();
  const bytes = await readFile(file());
  damage(bytes);
  await writeFile(file(), bytes);
  await expect(open()).rejects.toThrow(/moru\.db cannot be read .*Nothing was changed.*`restore`/);
  expect(await readFile(file())).toEqual(bytes);
});

test('F8: a file that was cut short is refused', async () => {
  await (await open()).close();
  await truncate(file(), 8_192 + 100);
  await expect(open()).rejects.toThrow(/moru\.db cannot be read/);
});

test('a folder has one process at a time, and is free again when that has closed', async () => {
  const { DatabaseSync } = await import('node:sqlite');
  const other = new DatabaseSync(join(folder, 'owner.lock'));
  other.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  await expect(open()).rejects.toThrow(/in use by another process/);
  other.close();
  await (await open()).close();
  await (await open()).close();
}, 20_000);

test('F17: a full disk is a failure of the store, and what was there is still read', async () => {
  const { db, close } = await open();
  await sql`pragma max_page_count = 1`.execute(db);
  const fill = async () => {
    for (let row = 0; row < 200; row += 1) await sql`create table ${sql.table(`t${row}`)} (a)`.execute(db);
  };
  const failure = await fill().catch((error: unknown) => error);
  expect(String(failure)).toMatch(/full/);
  expect(isStoreFailure(failure)).toBe(true);
  expect(await db.selectFrom('session').selectAll().execute()).toEqual([]);
  await close();
});
