import { checkCredential } from '@moru/enrolment';
import { beforeEach, expect, test, vi } from 'vitest';
import { StoreError } from '../store/errors.ts';
import type { Database } from '../store/store.ts';
import { day, enrolmentGround, minute, newPlace, problem } from '../testing/enrolment-ground.ts';
import { onEachStore } from '../testing/stores.ts';

const place = newPlace();
const second = { ...place, instanceId: 'instance-2', instanceName: 'web-02' };
const key = Buffer.alloc(32, 7);

// a busy machine takes its time over keys and commits
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

onEachStore(({ open }) => {
  let db: Database;
  let ground: ReturnType<typeof enrolmentGround>;
  beforeEach(async () => {
    db = (await open()).db;
    ground = enrolmentGround(db, { key, place });
  });

  const view = () => ground.rotation.view(place.projectId);
  const advance = async (to: 'introduced' | 'reissuing' | 'done' | 'cancelled', by = 'lee') => {
    const { fingerprint } = await view();
    await ground.rotation.advance({ to, authority: fingerprint, by, projectId: place.projectId });
    ground.clock.at += minute;
  };

  test('the installation’s authority is made once, whoever needs it first', async () => {
    const replicas = [ground, ...Array.from({ length: 4 }, () => enrolmentGround(db, { key, place }))];
    const read = await Promise.all(replicas.map(({ authorities }) => authorities.read()));
    expect(new Set(read.flat().map(({ fingerprint }) => fingerprint)).size).toBe(1);
  });

  test('with another secret key nothing is issued, and the start says why', async () => {
    await ground.authorities.read();
    const other = enrolmentGround(db);
    await expect(other.authorities.check()).rejects.toThrow(StoreError);
    await expect(other.authorities.check()).rejects.toThrow(/MORU_SECRET_KEY_FILE/);
    await ground.authorities.check();
  });

  test('a rotation in phases: every host believes the new one, then is certified by it, then the old one goes', async () => {
    const first = await ground.host();
    const other = await ground.host(second);
    const old = await view();
    expect(old.rotation).toBeNull();

    await advance('introduced');
    // nobody has heard of it yet
    expect((await view()).rotation).toMatchObject({
      phase: 'introduced',
      hosts: { total: 2, ready: 0 },
      waitingFor: [{ name: 'web-01' }, { name: 'web-02' }],
      mayContinue: false,
    });
    await expect(advance('reissuing')).rejects.toEqual(problem('authority.needed'));
    expect((await ground.checkIn(first.serial)).authorities).toHaveLength(2);
    await expect(advance('reissuing')).rejects.toEqual(problem('authority.needed'));
    await ground.checkIn(other.serial);

    await advance('reissuing');
    const during = await view();
    expect(during.fingerprint).not.toBe(old.fingerprint);
    expect(during.rotation).toMatchObject({
      phase: 'reissuing',
      other: old.fingerprint,
      hosts: { ready: 0 },
    });
    for (const { serial } of [first, other]) {
      const { renew } = await ground.checkIn(serial);
      expect(renew).toBe(true);
      await expect(advance('done')).rejects.toEqual(problem('authority.needed'));
      const { authorities } = await ground.renew(serial);
      expect(authorities).toHaveLength(2);
      // it counts once the host was seen to use it
      await expect(advance('done')).rejects.toEqual(problem('authority.needed'));
      const row = await ground.certificates.present(serial);
      const next = await ground.certificates.ofEnrolment(row.enrolment_id);
      await ground.checkIn(next?.serial ?? '');
    }

    await advance('done');
    const now = await view();
    expect(now).toMatchObject({ fingerprint: during.fingerprint, rotation: null });
    expect(now.steps.map(({ phase, by }) => `${phase} ${by}`)).toEqual([
      'introduced lee',
      'reissuing lee',
      'done lee',
    ]);
    expect(await ground.authorities.read()).toHaveLength(1);
    const dropped = await db.selectFrom('authority').selectAll().where('state', '=', 'dropped').execute();
    expect(dropped).toMatchObject([{ fingerprint: old.fingerprint, sealed_key: null }]);
    const host = await ground.host();
    checkCredential({ key: host.key, certificate: host.certificate, authorities: host.authorities });
  });

  test('what the console itself shows agents is always by an authority that they believe', async () => {
    await ground.host();
    const before = await ground.trust.tls();
    expect(await ground.trust.tls()).toBe(before);
    await advance('introduced');
    const during = await ground.trust.tls();
    expect(during.ca).toHaveLength(2);
    const [issuer] = before.ca;
    checkCredential({ ...during, authorities: [issuer ?? ''] });
  });

  test('a host that is revoked, or whose certificate is over, keeps nobody waiting', async () => {
    await ground.host();
    await ground.host(second);
    await advance('introduced');
    await ground.enrolments.revoke(place, 'lee');
    expect((await view()).rotation?.hosts).toEqual({ total: 1, ready: 0 });
    ground.clock.at += 91 * day;
    expect((await view()).rotation).toMatchObject({ hosts: { total: 0, ready: 0 }, mayContinue: true });
  });

  test('open tokens that name the old authority are waited for, at most an hour', async () => {
    await ground.token('fingerprint', 60);
    await advance('introduced');
    await advance('reissuing');
    expect((await view()).rotation).toMatchObject({ tokens: 1, mayContinue: false });
    await expect(advance('done')).rejects.toEqual(problem('authority.needed'));
    ground.clock.at += 60 * minute;
    await advance('done');
  });

  test('the next phase waits until every replica has seen this one', async () => {
    await advance('introduced');
    ground.clock.at -= minute;
    await expect(advance('reissuing')).rejects.toEqual(problem('authority.needed'));
    ground.clock.at += minute;
    await advance('reissuing');
  });

  test('a rotation that has only been introduced can be taken back', async () => {
    const before = await view();
    await advance('introduced');
    await advance('cancelled');
    expect(await view()).toMatchObject({ fingerprint: before.fingerprint, rotation: null });
    await advance('introduced');
    expect((await view()).steps.map(({ phase }) => phase)).toEqual(['introduced']);
  });

  test('two people at once: one goes on, the other is told that it has', async () => {
    const { fingerprint } = await view();
    const replicas = [ground, enrolmentGround(db, { key, place, clock: ground.clock })];
    const wish = { authority: fingerprint, by: 'lee', projectId: place.projectId };
    const outcomes = await Promise.allSettled(
      replicas.map(({ rotation }) => rotation.advance({ ...wish, to: 'introduced' })),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    for (const each of outcomes)
      if (each.status === 'rejected') expect(each.reason).toEqual(problem('authority.changed'));
    expect((await view()).steps).toHaveLength(1);
    await expect(ground.rotation.advance({ ...wish, to: 'done' })).rejects.toEqual(
      problem('authority.changed'),
    );
  });
});
