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

const place = { address: '192.0.2.1', device: 'Chrome 140 · Linux' };
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
    const { id } = await sessions.start(issued(), place);
    for (let hour = 0; hour < 23; hour += 1) {
      clock += 30 * minute;
      expect(await sessions.find(id)).toMatchObject({ token: 'the-token', role: 'admin' });
    }
    clock += 31 * minute;
    expect(await sessions.find(id)).toBeNull();

    const second = await sessions.start(issued(), place);
    clock += 60 * minute;
    expect(await sessions.find(second.id)).toBeNull();
  });

  test('what a page asks for by itself keeps nobody signed in', async () => {
    const sessions = open();
    const { id } = await sessions.start(issued(), place);
    for (let poll = 0; poll < 5; poll += 1) {
      clock += 11 * minute;
      expect(await sessions.find(id, { touch: false })).not.toBeNull();
    }
    clock += 5 * minute;
    expect(await sessions.find(id, { touch: false })).toBeNull();
  });

  test('the id is not stored, and the token is sealed for its own row', async () => {
    const sessions = open();
    const [first, second] = [await sessions.start(issued(), place), await sessions.start(issued(), place)];
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
    const { id } = await open().start(issued(), place);
    expect(await open(createSecretBox(randomBytes(32))).find(id)).toBeNull();
  });

  test('a proven key lasts 15 minutes, and another proof changes token, cookie and end, not the session', async () => {
    const sessions = open();
    const { id, session } = await sessions.start(issued(), place);
    expect((await sessions.find(id))?.proven).toBe(true);
    clock += 15 * minute;
    expect((await sessions.find(id))?.proven).toBe(false);

    const again = await sessions.prove(session, { ...issued(), token: 'a-newer-token', roles: ['member'] });
    expect(again?.session).toMatchObject({ idHash: session.idHash, role: 'member', proven: true });
    expect(again?.id).not.toBe(id);
    clock += 11 * 60 * minute;
    await db.updateTable('session').set({ used_at: clock }).execute();
    expect(await sessions.find(again?.id ?? '')).toMatchObject({ token: 'a-newer-token', proven: false });
    const end = { at: clock + 60 * minute, reason: 'token' };
    expect((await sessions.ends([session.idHash])).get(session.idHash)).toEqual(end);
  });

  test('T4: with the cookie from before a proof nobody gets in, but what was on its way arrives', async () => {
    const sessions = open();
    const first = await sessions.start(issued(), place);
    const second = await sessions.prove(first.session, issued());
    clock += 29_000;
    expect(await sessions.find(first.id)).not.toBeNull();
    const third = await sessions.prove(first.session, issued());
    expect(await sessions.find(first.id)).toBeNull();
    expect(await sessions.find(second?.id ?? '')).not.toBeNull();
    clock += 30_000;
    expect(await sessions.find(second?.id ?? '')).toBeNull();
    expect(await sessions.find(third?.id ?? '')).not.toBeNull();
    await sessions.end(first.session);
    expect(await sessions.prove(first.session, issued())).toBeNull();
  });

  test('a person’s own sessions are listed with their place and end, the others’ are not', async () => {
    const sessions = open();
    await sessions.start({ ...issued(), user: { id: 'other', name: 'lee' } }, place);
    const old = await sessions.start(issued(), place);
    clock += 30 * minute;
    const recent = await sessions.start(issued(), { address: '192.0.2.2', device: null });
    const list = await sessions.ofUser('u');
    expect(list.map(({ idHash }) => idHash)).toEqual([recent.session.idHash, old.session.idHash]);
    expect(list[1]).toMatchObject({ ...place, createdAt: clock - 30 * minute, endsAt: clock + 30 * minute });
    clock += 31 * minute;
    expect((await sessions.ofUser('u')).map(({ idHash }) => idHash)).toEqual([recent.session.idHash]);
  });

  test('sweeping forgets what is over and nothing else', async () => {
    const sessions = open();
    await sessions.start(issued(), place);
    clock += 61 * minute;
    const { id } = await sessions.start(issued(), place);
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
