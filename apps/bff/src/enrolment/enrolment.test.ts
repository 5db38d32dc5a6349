import { request } from 'node:https';
import { connect } from 'node:tls';
import {
  type Credential,
  certificateRequest,
  EnrolmentFailure,
  type EnrolProgress,
  enrol,
  fingerprintOf,
  hostLeaf,
  keyFingerprint,
  makeKey,
} from '@moru/enrolment';
import { issueKeyPair, makeAuthority } from '@moru/enrolment/authority';
import { apiPaths, enrolmentPaths, type Host, type Instance, printFingerprint } from '@moru/types';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import type { Browser } from '../testing/browser.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import { asAgent, enrolHost, enrolmentServer, makeToken, withEnrolment } from '../testing/enrolled-hosts.ts';
import { instanceNamed } from '../testing/instances.ts';

// a busy machine is waited for
const soon = { timeout: 20_000 };

// a busy machine takes its time over keys and commits
vi.setConfig({ testTimeout: 60_000 });

let cloud: EmbeddedCloud;
let bff: TestBff;
let admin: Browser;
let web: Instance;
let database: Instance;

beforeAll(async () => {
  cloud = await startEmbeddedCloud();
  bff = await startTestBff(cloud, withEnrolment);
  admin = await bff.browser('admin');
  web = await instanceNamed(admin, 'web-01');
  database = await instanceNamed(admin, 'db-01');
}, 60_000);
afterAll(async () => {
  await bff.close();
  await cloud.stop();
});

const host = async (id = web.id): Promise<Host> => (await admin.get(apiPaths.host(id))).body;
const refused = (code: string) => expect.objectContaining({ problem: expect.objectContaining({ code }) });

/** One request to the listener for hosts, as whoever holds the credential, or as nobody. */
function knock(path: string, body?: unknown, credential?: Partial<Credential>, headers = {}) {
  return new Promise<{ status: number; body: { code?: string } }>((resolve, reject) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const sent = request(`${enrolmentServer(bff)}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      agent: false,
      rejectUnauthorized: false,
      ...(credential && { cert: credential.certificate, key: credential.key }),
      headers: { 'content-type': 'application/json', ...headers },
    });
    sent.on('error', reject);
    sent.on('response', (answer) => {
      let received = '';
      answer.on('data', (chunk: Buffer) => {
        received += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(received) }));
    });
    sent.end(text);
  });
}
const checkIn = (credential?: Partial<Credential>) =>
  knock(enrolmentPaths.checkIn, { agent: '1', api: 1, authorities: ['a'.repeat(64)] }, credential);

test('a host is enrolled: token, request, fingerprints compared, certificate, first contact', async () => {
  expect(await host()).toMatchObject({ state: 'notEnrolled', name: 'web-01', waiting: null, tokens: [] });
  const issued = await makeToken(admin, web.id, { minutes: 10 });
  expect(issued.enrolCommand).toBe(
    `sudo moru-agent enrol --server https://console.test:7444 --token ${issued.token}`,
  );
  expect((await host()).tokens).toMatchObject([
    { id: issued.id, createdBy: 'admin-user', approval: 'fingerprint' },
  ]);

  const key = await makeKey();
  const steps: EnrolProgress[] = [];
  const progress = (step: EnrolProgress) => steps.push(step);
  const wish = { ...asAgent, server: enrolmentServer(bff), token: issued.token, key };
  const enrolling = enrol({ ...wish, waitMs: 60_000, progress });
  await vi.waitFor(async () => expect((await host()).state).toBe('waiting'), { timeout: 10_000 });
  const { waiting, tokens } = await host();
  // what the person compares, at the host and in the console
  expect(steps[0]).toEqual({ step: 'verified', authority: issued.authority });
  expect(steps[1]).toMatchObject({ step: 'waiting', fingerprint: waiting?.fingerprint });
  expect(printFingerprint(waiting?.fingerprint ?? '')).toMatch(/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/);
  expect(waiting).toMatchObject({ hostname: 'web-01', address: '127.0.0.1', addressMatches: false });
  expect(tokens).toEqual([]);

  const wrong = await admin.post(apiPaths.hostApproval(web.id), { fingerprint: 'a'.repeat(64) });
  expect(wrong.body.code).toBe('enrolment.notWaiting');
  const approved = await admin.post(apiPaths.hostApproval(web.id), { fingerprint: waiting?.fingerprint });
  expect(approved.body).toMatchObject({ state: 'enrolled', decision: { by: 'admin-user' }, waiting: null });

  const credential = await enrolling;
  expect(fingerprintOf(credential.authorities[0] ?? '')).toBe(issued.authority);
  expect((await checkIn(credential)).status).toBe(200);
  const { certificate, agent, lastContact, stale } = await host();
  expect(certificate).toMatchObject({ fingerprint: keyFingerprint(key), authority: issued.authority });
  expect({ agent, stale }).toEqual({ agent: { version: '1', api: 1 }, stale: false });
  expect(Date.now() - Date.parse(lastContact ?? '')).toBeLessThan(60_000);

  const { body } = await admin.get(`${apiPaths.hosts}?state=enrolled`);
  expect(body).toMatchObject({
    hosts: [{ name: 'web-01' }],
    page: { total: 1 },
    counts: { enrolled: 1, notEnrolled: 3 },
    enrolment: { available: true, automatic: true },
  });
  expect((await admin.get(`${apiPaths.hosts}?q=db-01`)).body.hosts).toMatchObject([{ state: 'notEnrolled' }]);

  await expect(enrol({ ...wish, key: await makeKey() })).rejects.toEqual(refused('token.used'));
});

test('the audit log tells of it, host and person, and holds no secret', async () => {
  const { token } = await makeToken(admin, database.id, { approval: 'automatic' });
  const key = await makeKey();
  await enrol({ ...asAgent, server: enrolmentServer(bff), token, key });
  await enrol({ ...asAgent, server: enrolmentServer(bff), token, key: await makeKey() }).catch(() => {});
  const { records } = (await admin.get('/api/audit?limit=10')).body;
  const told = records.map(
    ({ action, phase, actor }: { action: string; phase: string; actor: { name: string; role: string } }) =>
      `${action} ${phase} ${actor.name} ${actor.role}`,
  );
  expect(told.slice(0, 7)).toEqual([
    'host.request refused db-01 host',
    'host.approve succeeded db-01 host',
    'host.approve intent db-01 host',
    'host.request succeeded db-01 host',
    'host.request intent db-01 host',
    'host.enrol succeeded admin-user admin',
    'host.enrol intent admin-user admin',
  ]);
  const secret = token.split('.')[2] ?? '';
  expect(secret).toHaveLength(32);
  expect(JSON.stringify(records)).not.toContain(secret);
  expect(bff.logged.join('\n')).not.toContain(secret);
});

test('T3: a host does not say where it is: an address in its request is refused', async () => {
  const { token } = await makeToken(admin, database.id);
  const body = { token, request: certificateRequest(await makeKey()), agent: '1', hostname: 'h' };
  for (const more of [{ address: '169.254.169.254' }, { url: 'http://127.0.0.1' }, { host: 'x' }]) {
    const { status, body: problem } = await knock(enrolmentPaths.enrolments, { ...body, ...more });
    expect({ status, code: problem.code }).toEqual({ status: 400, code: 'input.invalid' });
  }
  expect((await host(database.id)).waiting).toBeNull();
});

test.each([
  ['no token', { token: 'x' }, 401, 'token.invalid'],
  ['a request that is none', { request: 'x' }, 400, 'enrolment.request'],
  ['a name with control characters', { hostname: 'a\u001b[2Jb' }, 400, 'input.invalid'],
  ['no JSON', null, 400, 'input.malformed'],
])('%s is refused', async (_what, change, status, code) => {
  const token = `moru1.${'a'.repeat(11)}.${'s'.repeat(32)}.${'0'.repeat(64)}`;
  const body = { token, request: certificateRequest(await makeKey()), agent: '1', hostname: 'h', ...change };
  const answer = await knock(enrolmentPaths.enrolments, change === null ? '{"token":' : body);
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
});

test('T14: a body that is too large, and other paths, get an answer and nothing more', async () => {
  expect((await knock(enrolmentPaths.enrolments, 'x'.repeat(100_000))).body.code).toBe('body.tooLarge');
  for (const path of ['/', '/api/session', '/healthz', '/v1/enrolments/']) {
    expect((await knock(path)).body.code).toBe('route.unknown');
  }
});

test('only a certificate of ours that is in use checks in', async () => {
  expect((await checkIn()).body.code).toBe('certificate.required');
  const foreign = await makeAuthority();
  const forged = await issueKeyPair(foreign, hostLeaf(web.id, Date.now() + 3_600_000));
  expect((await checkIn(forged)).body.code).toBe('certificate.unknown');
  const renewal = { request: certificateRequest(await makeKey()) };
  expect((await knock(enrolmentPaths.renewals, renewal, forged)).body.code).toBe('certificate.unknown');
  const credential = await enrolHost(bff, admin, web.id);
  expect((await checkIn(credential)).status).toBe(200);
  // enrolled anew: the one before is worth nothing
  await enrolHost(bff, admin, web.id);
  expect((await checkIn(credential)).body.code).toBe('certificate.revoked');
});

test('the listener speaks TLS 1.3 only', async () => {
  const old = connect({ port: bff.enrolmentPort ?? 0, maxVersion: 'TLSv1.2', rejectUnauthorized: false });
  await expect(
    new Promise((resolve, reject) => old.once('secureConnect', resolve).once('error', reject)),
  ).rejects.toThrow();
});

test('revocation ends it at once, also without the cloud', async () => {
  const credential = await enrolHost(bff, admin, web.id);
  await makeToken(admin, web.id);
  await cloud.setFaults([{ path: '/', kind: 'status', status: 500 }]);
  expect((await admin.post(apiPaths.hostRevocation(web.id), {})).status).toBe(204);
  await cloud.setFaults([]);
  expect((await checkIn(credential)).body.code).toBe('certificate.revoked');
  expect(await host()).toMatchObject({ state: 'revoked', tokens: [], decision: { by: 'admin-user' } });
  expect((await admin.post(apiPaths.hostRevocation(web.id), {})).body.code).toBe('agent.notEnrolled');
  expect((await admin.get(`/api/instances/${web.id}/firewall`)).body.code).toBe('agent.revoked');
  await vi.waitFor(
    async () => expect((await instanceNamed(admin, 'web-01')).firewall.agent).toBe('none'),
    soon,
  );
});

test('a rebuild ends it: what the host was known by went with its disk, and it enrols anew', async () => {
  const batch = await instanceNamed(admin, 'batch-01');
  expect(batch.status).toBe('stopped');
  const credential = await enrolHost(bff, admin, batch.id);
  expect((await checkIn(credential)).status).toBe(200);
  const { images } = (await admin.get(apiPaths.images)).body;
  expect((await admin.post(apiPaths.instanceRebuild(batch.id), { imageId: images[0].id })).status).toBe(204);
  expect((await checkIn(credential)).status).toBe(403);
  expect(await host(batch.id)).toMatchObject({ state: 'notEnrolled', certificate: null });
  await vi.waitFor(async () => {
    expect(await instanceNamed(admin, 'batch-01')).toMatchObject({ task: null });
  }, soon);
  expect((await checkIn(await enrolHost(bff, admin, batch.id))).status).toBe(200);
});

test('a token is taken back, and a host that was refused is told', async () => {
  const open = await makeToken(admin, database.id);
  expect((await admin.delete(apiPaths.hostToken(database.id, open.id))).status).toBe(204);
  expect((await admin.delete(apiPaths.hostToken(database.id, open.id))).body.code).toBe('token.notFound');
  const wish = async (token: string) => ({
    ...asAgent,
    server: enrolmentServer(bff),
    token,
    key: await makeKey(),
  });
  await expect(enrol(await wish(open.token))).rejects.toEqual(refused('token.revoked'));

  const { token } = await makeToken(admin, database.id);
  const asking = await wish(token);
  await expect(enrol(asking)).rejects.toBeInstanceOf(EnrolmentFailure);
  const { waiting } = await host(database.id);
  const decision = { fingerprint: waiting?.fingerprint };
  expect((await admin.post(apiPaths.hostRefusal(database.id), decision)).status).toBe(204);
  await expect(enrol(asking)).rejects.toEqual(refused('enrolment.refused'));
});

test('the authority is rotated over the same routes, refused while a host still needs the old one', async () => {
  const credential = await enrolHost(bff, admin, web.id);
  expect((await checkIn(credential)).status).toBe(200);
  const { body: before } = await admin.get(apiPaths.authority);
  const go = (to: string, authority = before.fingerprint) =>
    admin.post(apiPaths.authority, { to, authority });
  expect((await go('introduced')).body.rotation).toMatchObject({ phase: 'introduced', mayContinue: false });
  expect((await go('reissuing')).body.code).toBe('authority.needed');
  expect((await go('done')).body.code).toBe('authority.changed');
  // by either authority the listener can be verified
  const token = await makeToken(admin, web.id, { approval: 'automatic' });
  expect(token.authority).toBe(before.fingerprint);
  expect((await go('cancelled')).body.rotation).toBeNull();
  expect((await go('introduced', 'f'.repeat(64))).body.code).toBe('authority.changed');
});

test('where a token may not approve by itself, or hosts have no place to enrol, that is said', async () => {
  const strict = await startTestBff(cloud, { ...withEnrolment, MORU_ENROLMENT_AUTOMATIC: '0' });
  const browser = await strict.browser('admin');
  const automatic = await browser.post(apiPaths.hostTokens(web.id), { approval: 'automatic' });
  expect(automatic.body).toMatchObject({ status: 403, code: 'enrolment.automatic' });
  await strict.close();
  const without = await startTestBff(cloud);
  const other = await without.browser('admin');
  expect((await other.post(apiPaths.hostTokens(web.id), {})).body.code).toBe('enrolment.unavailable');
  expect((await other.get(apiPaths.hosts)).body.enrolment).toEqual({ available: false, automatic: false });
  await without.close();
});

test('T9: who guesses is slowed down, and only who guesses', async () => {
  const body = { token: 'x', request: 'x', agent: '1', hostname: 'h' };
  const codes: (string | undefined)[] = [];
  for (let tries = 0; tries < 40; tries += 1)
    codes.push((await knock(enrolmentPaths.enrolments, body)).body.code);
  expect(codes.filter((code) => code === 'rate.limited').length).toBeGreaterThan(5);
});
