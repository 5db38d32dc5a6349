import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { onEachStore, quiet } from '../testing/stores.ts';
import { isStoreFailure } from './errors.ts';
import { openStore, pingStore } from './store.ts';
import { tables } from './tables.ts';

const session = {
  ...{ id_hash: 'h', user_id: 'u', user_name: '김', project_id: 'p', project_name: 'p', role: 'admin' },
  ...{ created_at: 1, used_at: 2, expires_at: 4_102_444_800_000 },
  token: new Uint8Array([0, 255, 7]),
  ...{ cookie_hash: 'c', previous_hash: null, previous_until: null, proved_at: 3 },
  ...{ address: '192.0.2.1', device: null, api_token: null, irrevocable: null },
};

onEachStore(({ place, open, kind }) => {
  test('what is written survives closing and opening: times as numbers, bytes as bytes', async () => {
    const where = await place();
    const first = await openStore(where, quiet);
    await first.db.insertInto('session').values(session).execute();
    await first.close();

    const second = await openStore(where, quiet);
    const row = await second.db.selectFrom('session').selectAll().executeTakeFirstOrThrow();
    expect({ ...row, token: new Uint8Array(row.token) }).toEqual(session);
    await pingStore(second.db);
    await second.close();
    await expect(pingStore(second.db)).rejects.toThrow();
  });

  test('a store of a newer program is refused', async () => {
    const where = await place();
    const { db, close } = await openStore(where, quiet);
    await sql`insert into kysely_migration (name, timestamp) values ('9999-later', '2030')`.execute(db);
    await close();
    await expect(openStore(where, quiet)).rejects.toThrow(/not brought up to date.*9999-later/);
  });

  test('a failed transaction leaves nothing and blocks nobody', async () => {
    const { db } = await open();
    const failing = db.transaction().execute(async (transaction) => {
      await transaction.insertInto('session').values(session).execute();
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await db.selectFrom('session').selectAll().execute()).toEqual([]);
  });

  test('a wrong statement is our fault, not the store’s', async () => {
    const { db } = await open();
    await db.insertInto('session').values(session).execute();
    const twice = await db
      .insertInto('session')
      .values(session)
      .execute()
      .catch((error: unknown) => error);
    const wrong = await sql`select nothing from nowhere`.execute(db).catch((error: unknown) => error);
    expect([twice, wrong].map(isStoreFailure)).toEqual([false, false]);
  });

  if (kind !== 'postgresql') return;

  test('two replicas that start at once both get a whole schema', async () => {
    for (let round = 0; round < 5; round += 1) {
      const where = await place();
      const stores = await Promise.all([openStore(where, quiet), openStore(where, quiet)]);
      for (const { db } of stores) expect(await db.selectFrom('session').selectAll().execute()).toEqual([]);
      await Promise.all(stores.map(({ close }) => close()));
    }
  });
});

test('a database that cannot be reached is told as such', async () => {
  const url = 'postgresql://moru@localhost/x?host=/nowhere/at/all';
  const failure = await openStore({ kind: 'postgresql', url }, quiet).catch((error: unknown) => error);
  expect(String(failure)).toMatch(/the database cannot be reached/);
  expect(isStoreFailure(failure)).toBe(true);
});

test('every table of the schema is known to backups, by its primary key', async () => {
  const { DatabaseSync } = await import('node:sqlite');
  const folder = await mkdtemp(join(tmpdir(), 'moru-bff-tables-'));
  await (await openStore({ kind: 'sqlite', folder }, quiet)).close();
  const file = new DatabaseSync(join(folder, 'moru.db'));
  const found = file
    .prepare(`select name from sqlite_master where type = 'table' and name not like 'kysely%'`)
    .all()
    .map(({ name }) => String(name));
  const keys = (table: string) =>
    file
      .prepare(`select name from pragma_table_info(?) where pk > 0 order by pk`)
      .all(table)
      .map(({ name }) => name);
  expect(Object.fromEntries(found.map((name) => [name, keys(name)]))).toEqual(
    Object.fromEntries(Object.entries(tables).map(([name, { key }]) => [name, key])),
  );
  file.close();
  await rm(folder, { recursive: true });
});
