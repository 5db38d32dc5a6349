import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { bcsPaths, networkPaths, vpcPaths } from '@moru/kakaocloud';
import { expect, onTestFinished, test } from 'vitest';
import { openCloud } from '../testing/test-cloud.ts';
import { Store } from './store.ts';

function folder(): string {
  const directory = mkdtempSync(join(tmpdir(), 'moru-store-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

test('everything is as it was after a restart, and the seed does not come again', async () => {
  const cloud = await openCloud();
  const idle = await cloud.idleIp();
  await cloud.as('admin', 'DELETE', networkPaths.publicIp(idle.id));
  await cloud.as('admin', 'POST', networkPaths.publicIps, { body: { public_ip: { description: 'kept' } } });
  const lists = [bcsPaths.instances, networkPaths.publicIps, vpcPaths.networkInterfaces, vpcPaths.subnets];
  const read = () => Promise.all(lists.map(async (path) => (await cloud.as('admin', 'GET', path)).body));
  const before = await read();
  await cloud.stop();
  await cloud.start();
  expect(await read()).toEqual(before);
});

test('a transaction that throws leaves nothing', () => {
  const store = new Store(folder());
  const insert = () => store.run("INSERT INTO flavors (id, name, detail) VALUES ('a', 'a', '{}')");
  expect(() =>
    store.transaction(() => {
      insert();
      throw new Error('changed its mind');
    }),
  ).toThrow('changed its mind');
  expect(store.all('SELECT * FROM flavors')).toEqual([]);
  store.transaction(insert);
  expect(store.all('SELECT * FROM flavors')).toHaveLength(1);
  store.close();
});

test('a count is of now, after a write and after one that was taken back', () => {
  const store = new Store(folder());
  const insert = (id: string) =>
    store.run("INSERT INTO flavors (id, name, detail) VALUES (?, ?, '{}')", id, id);
  const counted = () => store.count('SELECT count(*) FROM flavors');
  const named = (id: string) => store.count('SELECT count(*) FROM flavors WHERE id = ?', id);
  expect(counted()).toBe(0);
  insert('a');
  expect([counted(), named('a'), named('b')]).toEqual([1, 1, 0]);
  expect(() =>
    store.transaction(() => {
      insert('b');
      expect(counted()).toBe(2);
      throw new Error('changed its mind');
    }),
  ).toThrow('changed its mind');
  expect([counted(), named('b')]).toEqual([1, 0]);
});

test('the database itself refuses a state that the wire does not know', () => {
  const store = new Store(folder());
  const insert = (status: string) =>
    store.run(
      `INSERT INTO public_ips (id, project_id, address, description, status, created_at, updated_at)
       VALUES ('a', 'p', '203.0.113.9', '', ?, '', '')`,
      status,
    );
  expect(() => insert('detaching')).toThrow(/CHECK/);
  expect(() => insert('in_use')).toThrow(/CHECK/);
  expect(insert('available')).toBe(1);
  store.close();
});

test('a damaged file is refused with advice', () => {
  const directory = folder();
  writeFileSync(join(directory, 'cloud.db'), 'this was a database once, and is text now. '.repeat(100));
  expect(() => new Store(directory)).toThrow(/damaged; restore a backup/);
});

test('a file of a newer version is refused', () => {
  const directory = folder();
  new Store(directory).close();
  const database = new DatabaseSync(join(directory, 'cloud.db'));
  database.exec('PRAGMA user_version = 99');
  database.close();
  expect(() => new Store(directory)).toThrow(/newer version/);
});

test('a second process on the same file is refused', () => {
  const directory = folder();
  const store = new Store(directory);
  store.run("INSERT INTO flavors (id, name, detail) VALUES ('a', 'a', '{}')");
  expect(() => new Store(directory)).toThrow(/another process holds it/);
  store.close();
});
