import { randomBytes } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { createSecretBox } from '../store/secret-box.ts';
import type { Database } from '../store/store.ts';
import { onEachStore } from '../testing/stores.ts';
import { roleOf } from './roles.ts';
import { createSessions } from './sessions.ts';

let clock = 1_000_000_000_000;
const box = createSecretBox(randomBytes(32));
const minute = 60_000;

const issued = () => ({
  token: 'the-token',
  user: { id: 'u', name: 'kim' },
  project: { id: 'p', name: 'shop' },
  roles: ['admin'],
  expiresAt: new Date(clock + 12 * 60 * minute).toISOString(),
});

onEachStore(({ open: openStore }) => {
  let db: Database;
  beforeEach(async () => {
    db = (await openStore()).db;
  });
  const open = (key = box) => createSessions(db, key, () => clock);

  test('an hour without use ends a session; use keeps it up to the end of its token', async () => {
    const sessions = open();
    const { id } = await sessions.start(issued());
    for (let hour = 0; hour < 23; hour += 1) {
      clock += 30 * minute;
      expect(await sessions.find(id)).toMatchObject({ token: 'the-token', role: 'admin' });
    }
    clock += 31 * minute;
    expect(await sessions.find(id)).toBeNull();

    const second = await sessions.start(issued());
    clock += 60 * minute;
    expect(await sessions.find(second.id)).toBeNull();
  });

  test('what a page asks for by itself keeps nobody signed in', async () => {
    const sessions = open();
    const { id } = await sessions.start(issued());
    for (let poll = 0; poll < 5; poll += 1) {
      clock += 11 * minute;
      expect(await sessions.find(id, { touch: false })).not.toBeNull();
    }
    clock += 5 * minute;
    expect(await sessions.find(id, { touch: false })).toBeNull();
  });

  test('the id is not stored, and the token is sealed for its own row', async () => {
    const sessions = open();
    const [first, second] = [await sessions.start(issued()), await sessions.start(issued())];
    const rows = await db.selectFrom('session').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(first.id);
    expect(rows.map(({ token }) => Buffer.from(token).includes('the-token'))).toEqual([false, false]);
    const stolen = rows.find(({ id_hash }) => id_hash === first.session.idHash)?.token;
    if (!stolen) throw new Error('no row');
    await db
      .updateTable('session')
      .set({ token: stolen })
      .where('id_hash', '=', second.session.idHash)
      .execute();
    expect(await sessions.find(second.id)).toBeNull();
    expect(await sessions.find(first.id)).not.toBeNull();
  });

  test('with another key nobody is signed in', async () => {
    const { id } = await open().start(issued());
    expect(await open(createSecretBox(randomBytes(32))).find(id)).toBeNull();
  });

  test('sweeping forgets what is over and nothing else', async () => {
    const sessions = open();
    await sessions.start(issued());
    clock += 61 * minute;
    const { id } = await sessions.start(issued());
    await sessions.sweep();
    expect(await db.selectFrom('session').selectAll().execute()).toHaveLength(1);
    expect(await sessions.find(id)).not.toBeNull();
  });
});

test.each([
  [['reader', 'Project Admin'], 'admin'],
  [['project-member'], 'member'],
  [['MEMBER', 'reader'], 'member'],
  [['owner', 'load-balancer_admin'], 'reader'],
  [[], 'reader'],
])('roles %j count as %s', (names, role) => {
  expect(roleOf(names)).toBe(role);
});
