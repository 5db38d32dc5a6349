import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { authTokenHeader, iamPaths, subjectTokenHeader } from '@moru/kakaocloud';
import { installationSchema, pollHeader, sessionSchema } from '@moru/types';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { canary } from '../testing/accounts.ts';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import { type Answer, Browser } from '../testing/browser.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import { startRelay } from '../testing/relay.ts';

// a busy machine is waited for
const soon = { timeout: 20_000 };

let cloud: EmbeddedCloud;
let relay: Awaited<ReturnType<typeof startRelay>>;
let bff: TestBff;

beforeAll(async () => {
  cloud = await startEmbeddedCloud();
  relay = await startRelay(cloud.url);
  bff = await startTestBff(cloud, { MORU_IAM_URL: relay.url, MORU_PUBLIC_IP_PRICE: '4.2 KRW' });
});
afterEach(() => cloud.setFaults([]));
afterAll(async () => {
  await bff.close();
  await relay.close();
  await cloud.stop();
});

const account = (role: string) => {
  const found = cloud.accounts.find(({ id }) => id === role);
  if (!found) throw new Error(`no account ${role}`);
  return found;
};
const tokensSeen = () => relay.answers.flatMap(({ headers }) => headers[subjectTokenHeader] ?? []);

test('before signing in a visitor learns the installation’s name and nothing secret', async () => {
  const { status, body, text } = await (await bff.browser()).get('/api/installation');
  expect(status).toBe(200);
  expect(installationSchema.parse(body)).toMatchObject({
    embedded: true,
    publicIpPrice: { perHour: 4.2, currency: 'KRW' },
    seededAccounts: [{ id: 'admin', name: 'admin-user', role: 'admin' }, { id: 'member' }, { id: 'reader' }],
  });
  expect(text).not.toContain('key-');
});

test('an access key gives a session with user, project and role out of the token', async () => {
  const browser = await bff.browser();
  const { accessKeyId, secret, userId, projectId } = account('member');
  const answer = await browser.post('/api/session', { accessKeyId, secret });
  expect(answer.status).toBe(200);
  expect(sessionSchema.parse(answer.body)).toMatchObject({
    user: { id: userId, name: 'member-user' },
    project: { id: projectId, name: 'shop-prod' },
    role: 'member',
    region: 'kr-central-2',
  });
  expect(await browser.get('/api/session')).toMatchObject({ status: 200, body: answer.body });
});

test('T4: the cookie is a __Host- cookie that no script reads and no other site sends', async () => {
  const { headers } = await (await bff.browser()).signIn('admin');
  const [line = ''] = [headers['set-cookie'] ?? ''].flat();
  const [pair, ...attributes] = line.split('; ');
  // 128 bits are 22 characters of base64url
  expect(pair).toMatch(/^__Host-moru-test=[A-Za-z0-9_-]{22}$/);
  expect(attributes.sort()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Strict', 'Secure']);
});

test('T4: signing in again ends the session before; signing out ends it for every copy of the cookie', async () => {
  const browser = await bff.browser('admin');
  const thief = new Browser({ port: bff.port ?? 0 });
  thief.cookie = browser.cookie;
  expect((await thief.get('/api/session')).status).toBe(200);

  await browser.signIn('reader');
  expect(browser.cookie).not.toBe(thief.cookie);
  expect((await thief.get('/api/public-ips')).body.code).toBe('session.expired');

  thief.cookie = browser.cookie;
  const out = await browser.delete('/api/session');
  expect(out).toMatchObject({ status: 204, text: '' });
  expect(browser.cookie).toBeUndefined();
  expect((await thief.get('/api/public-ips')).body.code).toBe('session.expired');
  expect((await browser.get('/api/public-ips')).body.code).toBe('session.required');
  expect(await browser.get('/api/session')).toMatchObject({ status: 200, body: null });
});

test('signing out revokes the token in the cloud', async () => {
  const browser = await bff.browser('admin');
  const token = tokensSeen().at(-1) ?? '';
  const check = () =>
    fetch(cloud.url + iamPaths.tokens, {
      headers: { [authTokenHeader]: token, [subjectTokenHeader]: token },
    });
  expect((await check()).status).toBe(200);
  await browser.delete('/api/session');
  await vi.waitFor(async () => expect((await check()).status).toBe(401), soon);
});

test.each([
  ['a wrong secret', { accessKeyId: 'key-admin', secret: 'wrong' }, 'credentials.invalid'],
  ['an unknown key', { accessKeyId: 'key-nobody', secret: 'wrong' }, 'credentials.invalid'],
  ['an unknown seeded account', { seededAccount: 'root' }, 'credentials.invalid'],
  ['both forms at once', { seededAccount: 'admin', accessKeyId: 'a', secret: 'b' }, 'input.invalid'],
])('%s gives no session', async (_name, body, code) => {
  const browser = await bff.browser();
  expect((await browser.post('/api/session', body)).body.code).toBe(code);
  expect(browser.cookie).toBeUndefined();
});

test('a sign-in service that fails or hangs is named, and no session begins', async () => {
  const slow = await startTestBff(cloud, { MORU_CLOUD_TIMEOUT_MS: '200' });
  const browser = await slow.browser();
  await cloud.setFaults([{ path: iamPaths.tokens, kind: 'status', status: 500 }]);
  expect((await browser.signIn('admin')).body).toMatchObject({
    status: 502,
    code: 'upstream.unavailable',
    upstream: 'A fault was asked for',
  });
  await cloud.setFaults([{ path: iamPaths.tokens, kind: 'hang' }]);
  expect((await browser.signIn('admin')).body).toMatchObject({ status: 504, code: 'upstream.timeout' });
  expect(browser.cookie).toBeUndefined();
  await slow.close();
});

test('a token that the cloud no longer takes ends the session', async () => {
  const browser = await bff.browser('admin');
  await cloud.setFaults([{ path: '/api/v1/instances', kind: 'status', status: 401 }]);
  expect((await browser.get('/api/instances')).body).toMatchObject({ status: 401, code: 'session.expired' });
  expect(browser.cookie).toBeUndefined();
});

test('a page that only asks by itself becomes idle; one that is used does not', async () => {
  const browser = await bff.browser('member');
  const file = new DatabaseSync(join(bff.folder, 'data', 'moru.db'));
  const newest = '(SELECT max(created_at) FROM session)';
  file.exec(`UPDATE session SET used_at = used_at - 1800000 WHERE created_at = ${newest}`);
  const usedAt = () =>
    file.prepare(`SELECT used_at FROM session WHERE created_at = ${newest}`).get()?.used_at;
  const before = usedAt();
  const headers = { [pollHeader.name]: pollHeader.value };
  expect((await browser.get('/api/public-ips', { headers })).status).toBe(200);
  expect(usedAt()).toBe(before);
  expect((await browser.get('/api/public-ips')).status).toBe(200);
  expect(Number(usedAt()) - Number(before)).toBeGreaterThanOrEqual(1_800_000);
  file.close();
});

test('after ten failures within a minute an address waits; who signs in does not count', async () => {
  const own = await startTestBff(cloud);
  const browser = await own.browser();
  for (let attempt = 0; attempt < 12; attempt += 1) expect((await browser.signIn('admin')).status).toBe(200);
  const codes: string[] = [];
  for (let attempt = 0; attempt < 11; attempt += 1) codes.push((await browser.signIn('root')).body.code);
  expect(codes.slice(0, 10)).toEqual(Array(10).fill('credentials.invalid'));
  expect(codes[10]).toBe('rate.limited');
  expect((await browser.signIn('admin')).status).toBe(429);
  await own.close();
});

test('T11: no token, secret or session id stands in any answer, log line or file', async () => {
  const own = await startTestBff(cloud, { MORU_IAM_URL: relay.url });
  const browser = await own.browser();
  const { accessKeyId, secret } = account('admin');
  const answers: Answer[] = [await browser.post('/api/session', { accessKeyId, secret })];
  const { cookie = '' } = browser;
  const [, id = 'no cookie'] = cookie.split('=');
  const token = tokensSeen().at(-1) ?? 'no token';
  await browser.post('/api/session', { accessKeyId, secret: `${canary}-wrong` });
  for (const path of ['session', 'installation', 'instances', 'public-ips', 'audit', 'nothing']) {
    answers.push(await browser.get(`/api/${path}`));
  }
  await cloud.setFaults([{ path: '/api/v1/instances', kind: 'status', status: 500 }]);
  answers.push(await browser.get('/api/instances'));
  answers.push(await browser.post('/api/session', `{"secret":"${canary}"`));
  answers.push(await browser.delete('/api/session'));

  const shown = answers.map(({ text, headers: { 'set-cookie': _, ...headers } }) => [text, headers]);
  const haystacks = {
    answers: JSON.stringify(shown),
    log: own.logged.join(''),
    database: (await readFile(join(own.folder, 'data', 'moru.db'))).toString('latin1'),
    journal: (await readFile(join(own.folder, 'data', 'moru.db-wal'))).toString('latin1'),
  };
  expect(id).toHaveLength(22);
  expect(token.length).toBeGreaterThan(16);
  for (const [place, haystack] of Object.entries(haystacks)) {
    for (const needle of [canary, secret, token, id]) expect(haystack.includes(needle), place).toBe(false);
  }
  expect(own.logged.length).toBeGreaterThan(8);
  await own.close();
});
