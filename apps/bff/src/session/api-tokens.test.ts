import { apiPaths, auditListSchema, ownSessionListSchema } from '@moru/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import type { Browser, Sending } from '../testing/browser.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import { instanceNamed } from '../testing/instances.ts';

let cloud: EmbeddedCloud;
let bff: TestBff;
let admin: Browser;

beforeAll(async () => {
  cloud = await startEmbeddedCloud();
  bff = await startTestBff(cloud);
  admin = await bff.browser('admin');
});
afterAll(async () => {
  await bff.close();
  await cloud.stop();
});

const grant = { name: 'nightly', role: 'admin', irrevocable: false, hours: 2 } as const;
const create = (more: object = {}, by = admin) =>
  by.post(apiPaths.apiTokens, { ...grant, key: { seededAccount: 'admin' }, ...more });

/** A client that sends nothing but the token. */
async function program(more: object = {}) {
  const { status, body } = await create(more);
  expect(status).toBe(200);
  const browser = await bff.browser();
  const plain = { 'x-moru-request': undefined, origin: undefined, 'sec-fetch-site': undefined };
  const send = (method: string, path: string, sending: Sending = {}) =>
    browser.send(method, path, {
      ...sending,
      headers: { ...plain, authorization: `Bearer ${body.token}`, ...sending.headers },
    });
  return { issued: body, send };
}

test('a program reads and changes with its token alone, in its maker’s name and its own', async () => {
  const { issued, send } = await program();
  expect(issued.token).toMatch(/^moru_[\w-]{43}$/);
  expect(Date.parse(issued.expiresAt) - Date.now()).toBeGreaterThan(1.9 * 3_600_000);
  expect(Date.parse(issued.expiresAt) - Date.now()).toBeLessThanOrEqual(2 * 3_600_000);
  expect((await send('GET', apiPaths.session)).body).toMatchObject({ role: 'admin' });
  const web = await instanceNamed(admin, 'web-01');
  expect(
    (await send('PUT', apiPaths.instance(web.id), { body: { description: 'by a program' } })).status,
  ).toBe(204);
  const { records } = auditListSchema.parse((await admin.get(`${apiPaths.audit}?limit=2`)).body);
  expect(records.map(({ actor }) => actor.name)).toEqual(['admin-user (nightly)', 'admin-user (nightly)']);
});

test('a token has the role that it was given, and never more than its maker', async () => {
  const { send } = await program({ role: 'reader' });
  expect((await send('GET', apiPaths.instances)).status).toBe(200);
  const web = await instanceNamed(admin, 'web-01');
  expect((await send('POST', apiPaths.instanceStop(web.id))).body.code).toBe('role.insufficient');
  const member = await bff.browser('member');
  expect((await create({ key: { seededAccount: 'member' }, role: 'reader' }, member)).body.code).toBe(
    'role.insufficient',
  );
  expect((await create({ key: { seededAccount: 'member' } })).body.code).toBe('credentials.otherUser');
});

test('what cannot be taken back needs a token that was made for it', async () => {
  const path = apiPaths.publicIpRelease;
  const body = { publicIps: [{ id: '00000000-0000-4000-8000-000000000000', networkInterfaceId: null }] };
  expect((await (await program()).send('POST', path, { body })).body.code).toBe('session.proofNeeded');
  const { send } = await program({ irrevocable: true });
  expect((await send('POST', path, { body })).body.code).not.toBe('session.proofNeeded');
});

test('sessions and tokens are not managed with a token', async () => {
  const { send } = await program({ irrevocable: true });
  const refused = [
    send('POST', apiPaths.apiTokens, { body: { ...grant, key: { seededAccount: 'admin' } } }),
    send('POST', apiPaths.session, { body: { seededAccount: 'admin' } }),
    send('POST', apiPaths.sessionProof, { body: { seededAccount: 'admin' } }),
    send('DELETE', apiPaths.session),
    send('DELETE', apiPaths.sessions),
  ];
  for (const { body } of await Promise.all(refused)) expect(body.code).toBe('apiToken.refused');
  expect((await send('GET', apiPaths.session)).status).toBe(200);
});

test('a token is no cookie, a cookie no token, and beside an Authorization header no cookie counts', async () => {
  const { issued } = await program();
  const browser = await bff.browser();
  expect(
    (await browser.get(apiPaths.instances, { headers: { cookie: `__Host-moru-test=${issued.token}` } }))
      .status,
  ).toBe(401);
  const id = admin.cookie?.split('=')[1] ?? '';
  expect((await browser.get(apiPaths.instances, { headers: { authorization: `Bearer ${id}` } })).status).toBe(
    401,
  );
  for (const authorization of ['Bearer moru_wrong', 'Basic YTpi', 'Bearer', '']) {
    const { status } = await admin.get(apiPaths.instances, { headers: { authorization } });
    expect(status, authorization).toBe(401);
  }
  expect((await admin.get(apiPaths.instances)).status).toBe(200);
});

test('its maker sees it among the sessions and ends it; its IAM token ends with it', async () => {
  const { issued, send } = await program({ name: 'to be ended' });
  const { sessions } = ownSessionListSchema.parse((await admin.get(apiPaths.sessions)).body);
  const own = sessions.find(({ apiToken }) => apiToken?.name === 'to be ended');
  expect(own).toMatchObject({ current: false, role: 'admin', endsAt: issued.expiresAt });
  expect(JSON.stringify(sessions)).not.toContain(issued.token);
  expect((await admin.delete(apiPaths.ownSession(own?.id ?? ''))).status).toBe(204);
  expect((await send('GET', apiPaths.session)).status).toBe(401);
  expect((await admin.get(apiPaths.session)).body).toMatchObject({ role: 'admin' });
});

test('the maker’s signing out leaves the token, which has an IAM token of its own', async () => {
  const maker = await bff.browser('admin');
  const { body } = await create({}, maker);
  await maker.delete(apiPaths.session);
  const browser = await bff.browser();
  const headers = { authorization: `Bearer ${body.token}` };
  expect((await browser.get(apiPaths.instances, { headers })).status).toBe(200);
});

test.each([
  ['a name with a control character', { name: 'a\u0007b' }, 'name'],
  ['a name that is too long', { name: 'x'.repeat(41) }, 'name'],
  ['longer than the IAM token lives', { hours: 13 }, 'hours'],
  ['no time', { hours: 0 }, 'hours'],
  ['a role that there is not', { role: 'owner' }, 'role'],
])('%s is refused by name', async (_name, more, field) => {
  expect((await create(more)).body.fields).toMatchObject([{ field }]);
});
