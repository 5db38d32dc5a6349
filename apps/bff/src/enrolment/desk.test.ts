import { makeKey } from '@moru/enrolment';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Database } from '../store/store.ts';
import { day, enrolmentGround, hour, minute, newPlace, problem } from '../testing/enrolment-ground.ts';
import { onEachStore } from '../testing/stores.ts';
import type { HostPlace } from './tokens.ts';

const key = Buffer.alloc(32, 7);

// a busy machine takes its time over keys and commits
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

onEachStore(({ open }) => {
  let db: Database;
  let ground: ReturnType<typeof enrolmentGround>;
  let place: HostPlace;
  // one store, and another instance in each test
  beforeAll(async () => {
    db = (await open()).db;
  });
  beforeEach(() => {
    place = newPlace();
    ground = enrolmentGround(db, { key, place });
  });

  test('T9: a token is for one use: the same host may ask again, another one may not', async () => {
    const token = await ground.token('automatic');
    const key = await makeKey();
    const first = await ground.ask(token, key);
    expect(first.state).toBe('issued');
    // its answer was lost
    expect(await ground.ask(token, key)).toEqual(first);
    await expect(ground.ask(token, await makeKey())).rejects.toEqual(problem('token.used'));
    const { records } = await ground.audit.list(place.projectId, { limit: 1, offset: 0 });
    expect(records[0]).toMatchObject({
      phase: 'refused',
      action: 'host.request',
      detail: { code: 'token.used' },
    });
    const issued = await db
      .selectFrom('host_certificate')
      .select('serial')
      .where('instance_id', '=', place.instanceId)
      .execute();
    expect(issued).toHaveLength(1);
  });

  test('T9: of many hosts with one token at the same moment, one gets in', async () => {
    const token = await ground.token();
    const keys = await Promise.all(Array.from({ length: 8 }, makeKey));
    const answers = await Promise.allSettled(keys.map((key) => ground.ask(token, key)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toEqual(problem('token.used'));
    }
  });

  test('T9: only the key that was compared is approved, and once', async () => {
    const key = await makeKey();
    const token = await ground.token();
    const asked = await ground.ask(token, key);
    if (asked.state !== 'waiting') throw new Error('it does not wait');
    const { enrolments } = ground;
    const other = 'a'.repeat(64);
    await expect(enrolments.approve(place, other, 'lee')).rejects.toEqual(problem('enrolment.notWaiting'));
    const foreign = { ...place, projectId: 'another' };
    await expect(enrolments.approve(foreign, asked.fingerprint, 'lee')).rejects.toEqual(
      problem('enrolment.notWaiting'),
    );
    const twice = await Promise.allSettled(
      [1, 2].map(() => enrolments.approve(place, asked.fingerprint, 'lee')),
    );
    expect(twice.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await ground.ask(token, key)).state).toBe('issued');
  });

  test('a host that was refused is told so, and cannot be approved any more', async () => {
    const [key, token] = [await makeKey(), await ground.token()];
    const asked = await ground.ask(token, key);
    if (asked.state !== 'waiting') throw new Error('it does not wait');
    await ground.enrolments.refuse(place, asked.fingerprint, 'lee');
    await expect(ground.ask(token, key)).rejects.toEqual(problem('enrolment.refused'));
    await expect(ground.enrolments.approve(place, asked.fingerprint, 'lee')).rejects.toEqual(
      problem('enrolment.notWaiting'),
    );
  });

  test('a new request takes the place of one that waits', async () => {
    const [first, second] = [await ground.token(), await ground.token()];
    const [old, young] = [await makeKey(), await makeKey()];
    await ground.ask(first, old);
    const asked = await ground.ask(second, young);
    const host = await ground.views.find(place.projectId, place.instanceId, null);
    expect(host).toMatchObject({
      state: 'waiting',
      waiting: { fingerprint: (asked as { fingerprint: string }).fingerprint },
    });
    await expect(ground.ask(first, old)).rejects.toEqual(problem('certificate.revoked'));
  });

  test.each([
    ['just before its end', 30 * minute - 1, 'waiting'],
    ['at its end', 30 * minute, 'token.expired'],
    ['a day later', day, 'token.expired'],
    ['with the clock set back by less than the skew window', -4 * minute, 'waiting'],
    ['with the clock set back further: it would live longer than it may', -6 * minute, 'token.invalid'],
  ])('T22: a token of 30 minutes, %s', async (_when, later, outcome) => {
    const [token, key] = [await ground.token(), await makeKey()];
    ground.clock.at += later;
    const answer = ground.ask(token, key);
    if (outcome === 'waiting') expect((await answer).state).toBe('waiting');
    else await expect(answer).rejects.toEqual(problem(outcome));
  });

  test('a token that is wrong, revoked, or of nobody', async () => {
    const [token, key] = [await ground.token(), await makeKey()];
    for (const wrong of [
      { ...token, secret: 'x'.repeat(32) },
      { ...token, id: 'x'.repeat(11) },
    ]) {
      await expect(ground.ask(wrong, key)).rejects.toEqual(problem('token.invalid'));
    }
    await expect(ground.tokens.revoke({ ...place, projectId: 'another' }, token.id)).rejects.toEqual(
      problem('token.notFound'),
    );
    await ground.tokens.revoke(place, token.id);
    await expect(ground.ask(token, key)).rejects.toEqual(problem('token.revoked'));
    await expect(ground.tokens.revoke(place, token.id)).rejects.toEqual(problem('token.notFound'));
    expect((await ground.tokens.open(place.projectId, place.instanceId)).size).toBe(0);
  });

  test('neither the token nor a key is in the store', async () => {
    const token = await ground.token('automatic');
    const key = await makeKey();
    await ground.ask(token, key);
    const rows = [
      ...(await db.selectFrom('join_token').selectAll().execute()),
      ...(await db.selectFrom('authority').selectAll().execute()),
      ...(await db.selectFrom('enrolment').selectAll().execute()),
      ...(await db.selectFrom('audit').selectAll().execute()),
    ];
    const text = JSON.stringify(rows);
    expect(text).not.toContain(token.secret);
    expect(text).not.toContain('PRIVATE KEY');
    expect(text).toContain('sealed_key');
  });

  test('a certificate is renewed after two thirds of its life, and the old one stays good until the new one is used', async () => {
    const { serial } = await ground.host();
    ground.clock.at += 59 * day;
    expect((await ground.checkIn(serial)).renew).toBe(false);
    ground.clock.at += 9 * day;
    expect((await ground.checkIn(serial)).renew).toBe(true);
    // an answer that is lost leaves nothing behind
    await ground.renew(serial);
    await ground.renew(serial);
    const good = await ground.trust.expected(place.instanceId);
    expect(good.size).toBe(2);
    expect(good.has(serial)).toBe(true);
    const next = [...good].find((each) => each !== serial) ?? '';
    await ground.checkIn(next);
    // what is under way by the old one may end
    expect((await ground.trust.stillGood([place.instanceId])).size).toBe(2);
    expect(await ground.trust.enrolled([place.instanceId, 'another'])).toEqual(new Set([place.instanceId]));
    ground.clock.at += minute;
    ground.trust.forget(place.instanceId);
    expect([...(await ground.trust.expected(place.instanceId))]).toEqual([next]);
    await expect(ground.checkIn(serial)).rejects.toEqual(problem('certificate.revoked'));
  });

  test('F21: a certificate that expired while the host was away is worth nothing, and a new enrolment helps', async () => {
    const { serial } = await ground.host();
    ground.clock.at += 90 * day;
    await expect(ground.checkIn(serial)).rejects.toEqual(problem('certificate.expired'));
    await expect(ground.renew(serial)).rejects.toEqual(problem('certificate.expired'));
    await expect(ground.trust.expected(place.instanceId)).rejects.toEqual(problem('agent.expired'));
    expect(await ground.trust.enrolled([place.instanceId])).toEqual(new Set());
    expect(await ground.views.find(place.projectId, place.instanceId, null)).toMatchObject({
      state: 'expired',
    });
    await ground.host();
    expect(await ground.views.find(place.projectId, place.instanceId, null)).toMatchObject({
      state: 'enrolled',
    });
    await expect(ground.checkIn(serial)).rejects.toEqual(problem('certificate.revoked'));
  });

  test('T9: revocation ends certificate, requests and tokens; what was under way does not bring it back', async () => {
    const { serial } = await ground.host();
    const left = await ground.token();
    const present = await ground.certificates.present(serial);
    await ground.enrolments.revoke(place, 'lee');
    ground.trust.forget(place.instanceId);
    await expect(ground.trust.expected(place.instanceId)).rejects.toEqual(problem('agent.revoked'));
    await expect(ground.checkIn(serial)).rejects.toEqual(problem('certificate.revoked'));
    await expect(ground.ask(left, await makeKey())).rejects.toEqual(problem('token.revoked'));
    // a renewal that began before
    const { publicKey, fingerprint } = await ground.authorities.readRequest(
      (
        await db
          .selectFrom('enrolment')
          .select('request')
          .where('instance_id', '=', place.instanceId)
          .executeTakeFirstOrThrow()
      ).request,
    );
    const late = await ground.certificates.renew(present, { publicKey, fingerprint });
    await expect(ground.certificates.present(late.serial)).rejects.toEqual(problem('certificate.revoked'));
    expect(await ground.trust.stillGood([place.instanceId])).toEqual(new Set());
    expect(await ground.trust.enrolled([place.instanceId])).toEqual(new Set());
    expect(await ground.views.find(place.projectId, place.instanceId, null)).toMatchObject({
      state: 'revoked',
      decision: { by: 'lee' },
    });
    await expect(ground.enrolments.revoke(place, 'lee')).rejects.toEqual(problem('agent.notEnrolled'));
  });

  test('T9: another replica stops believing a revoked host within seconds', async () => {
    const [one, two] = [ground, enrolmentGround(db, { key, place })];
    await one.host();
    await two.trust.expected(place.instanceId);
    await one.enrolments.revoke(place, 'lee');
    two.clock.at += 10_000;
    await expect(two.trust.expected(place.instanceId)).rejects.toEqual(problem('agent.revoked'));
  });

  test('F20: a host that was not heard of is stale, and its last contact is told', async () => {
    const { serial } = await ground.host();
    const seen = new Date(ground.clock.at).toISOString();
    const find = () => ground.views.find(place.projectId, place.instanceId, null);
    expect(await find()).toMatchObject({
      state: 'enrolled',
      stale: false,
      agent: { version: '0.1.0', api: 1 },
    });
    ground.clock.at += 3 * day;
    expect(await find()).toMatchObject({ state: 'enrolled', stale: true, lastContact: seen });
    await ground.checkIn(serial);
    expect(await find()).toMatchObject({ stale: false });
  });

  test('a rebuilt host is not enrolled any more, and its old certificate does not come back', async () => {
    const { serial } = await ground.host();
    await ground.enrolments.end(place.instanceId, 'kim');
    ground.trust.forget(place.instanceId);
    await expect(ground.trust.expected(place.instanceId)).rejects.toEqual(problem('agent.notEnrolled'));
    await expect(ground.checkIn(serial)).rejects.toEqual(problem('certificate.revoked'));
    const instance = { id: place.instanceId, name: 'web-01', status: 'active', networkInterfaces: [] };
    const host = await ground.views.find(place.projectId, place.instanceId, instance as never);
    expect(host).toMatchObject({ state: 'notEnrolled', certificate: null });
  });

  test('a request that nobody looks at is over after a day', async () => {
    const [token, key] = [await ground.token(), await makeKey()];
    await ground.ask(token, key);
    ground.clock.at += 24 * hour;
    await expect(ground.ask(token, key)).rejects.toEqual(problem('token.expired'));
  });

  test('without an audit record nothing is issued', async () => {
    const [token, key] = [await ground.token('automatic'), await makeKey()];
    await db.schema.alterTable('audit').renameTo('audit_away').execute();
    await expect(ground.ask(token, key)).rejects.toEqual(problem('audit.unwritable'));
    await db.schema.alterTable('audit_away').renameTo('audit').execute();
    expect((await ground.ask(token, key)).state).toBe('issued');
  });
});
