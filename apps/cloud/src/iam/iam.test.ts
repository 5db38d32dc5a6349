import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  iamPaths,
  keystoneErrorSchema,
  networkPaths,
  strictTokenAnswerSchema,
  tokenAnswerSchema,
} from '@moru/kakaocloud';
import { expect, test } from 'vitest';
import { type Answer, account, credential, openCloud } from '../testing/test-cloud.ts';

const hourMs = 3_600_000;

function keystoneCode(answer: Answer): number {
  const { error } = keystoneErrorSchema.parse(answer.body);
  expect(answer.status).toBe(error.code);
  return error.code;
}

test('a token is issued to an access key named by its id', async () => {
  // a clock of which no two looks tell the same
  let now = Date.now();
  const cloud = await openCloud({ now: () => now++ });
  const answer = await cloud.call('POST', iamPaths.tokens, { body: credential('key-of-admin') });
  expect(answer.status).toBe(201);
  expect(answer.headers.get('x-subject-token')).toMatch(/^[\w-]{43}$/);
  const { token } = strictTokenAnswerSchema.parse(answer.body);
  expect(token).toMatchObject({
    user: { id: 'user-of-admin', name: 'admin-name' },
    project: { id: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', name: 'demo' },
    roles: [{ name: 'admin' }],
  });
  expect(Date.parse(token.expires_at) - Date.parse(token.issued_at)).toBe(12 * hourMs);
  expect(answer.text).not.toContain('secret-of');
});

test('a token is issued to an access key named by its name and owner', async () => {
  const cloud = await openCloud();
  const body = (name: string, userId: string) => ({
    auth: {
      identity: {
        methods: ['application_credential'],
        application_credential: { name, secret: 'secret-of-member', user: { id: userId } },
      },
    },
  });
  const right = await cloud.call('POST', iamPaths.tokens, { body: body('member-name', 'user-of-member') });
  expect(right.status).toBe(201);
  const wrong = await cloud.call('POST', iamPaths.tokens, { body: body('member-name', 'user-of-admin') });
  expect(keystoneCode(wrong)).toBe(401);
});

test('a wrong secret and an unknown key are refused alike', async () => {
  const cloud = await openCloud();
  const secret = await cloud.call('POST', iamPaths.tokens, { body: credential('key-of-admin', 'wrong') });
  const key = await cloud.call('POST', iamPaths.tokens, { body: credential('key-of-nobody') });
  const empty = await cloud.call('POST', iamPaths.tokens, { body: credential('key-of-nobody', '') });
  expect(keystoneCode(secret)).toBe(401);
  expect(key.body).toEqual(secret.body);
  expect(keystoneCode(empty)).toBe(400);
  expect(secret.headers.get('x-subject-token')).toBeNull();
});

test('a body of another form is a Keystone 400', async () => {
  const cloud = await openCloud();
  for (const body of ['{', '[]', '{"auth":{}}', '"x"', '{"auth":{"identity":{"methods":["password"]}}}']) {
    expect(keystoneCode(await cloud.call('POST', iamPaths.tokens, { body }))).toBe(400);
  }
  expect(keystoneCode(await cloud.call('POST', iamPaths.tokens))).toBe(400);
});

test('a token tells about itself, and only an admin asks about another', async () => {
  const cloud = await openCloud();
  const subject = await cloud.signIn('reader');
  const check = (as: string, token = subject) =>
    cloud.as(as, 'GET', iamPaths.tokens, { headers: { 'x-subject-token': token } });
  const own = await cloud.call('GET', iamPaths.tokens, {
    headers: { 'x-auth-token': subject, 'x-subject-token': subject },
  });
  expect(own.status).toBe(200);
  expect(own.headers.get('x-subject-token')).toBe(subject);
  expect(tokenAnswerSchema.parse(own.body).token.roles[0]?.name).toBe('reader');
  expect((await check('admin')).body).toEqual(own.body);
  expect(keystoneCode(await check('member'))).toBe(403);
  expect(keystoneCode(await check('stranger'))).toBe(404);
  expect(keystoneCode(await check('admin', 'unknown'))).toBe(404);
  expect(keystoneCode(await cloud.as('admin', 'GET', iamPaths.tokens))).toBe(400);
  expect(keystoneCode(await cloud.call('GET', iamPaths.tokens))).toBe(401);
});

test('a revoked token opens nothing', async () => {
  const cloud = await openCloud();
  const token = await cloud.signIn('admin');
  const headers = { 'x-auth-token': token, 'x-subject-token': token };
  expect((await cloud.call('GET', networkPaths.publicIps, { headers })).status).toBe(200);
  expect((await cloud.call('DELETE', iamPaths.tokens, { headers })).status).toBe(204);
  expect((await cloud.call('GET', networkPaths.publicIps, { headers })).status).toBe(401);
  expect(keystoneCode(await cloud.call('DELETE', iamPaths.tokens, { headers }))).toBe(401);
});

test('a token ends after 12 hours', async () => {
  let now = Date.now();
  const cloud = await openCloud({ now: () => now });
  await cloud.as('admin', 'GET', networkPaths.publicIps);
  now += 12 * hourMs - 1;
  expect((await cloud.as('admin', 'GET', networkPaths.publicIps)).status).toBe(200);
  now += 1;
  expect((await cloud.as('admin', 'GET', networkPaths.publicIps)).status).toBe(401);
});

test('a token outlives a restart, but not its account or its access key', async () => {
  const cloud = await openCloud();
  await cloud.as('admin', 'GET', networkPaths.publicIps);
  const status = async () => (await cloud.as('admin', 'GET', networkPaths.publicIps)).status;
  await cloud.stop();
  await cloud.start();
  expect(await status()).toBe(200);
  await cloud.stop();
  await cloud.start({ accounts: [{ ...account('admin', 'admin'), accessKeyId: 'another' }] });
  expect(await status()).toBe(401);
  await cloud.stop();
  await cloud.start({ accounts: [account('member', 'member')] });
  expect(await status()).toBe(401);
});

test('neither tokens nor secrets lie on disk', async () => {
  const cloud = await openCloud();
  const token = await cloud.signIn('admin');
  await cloud.stop();
  const files = readdirSync(cloud.directory, { recursive: true, withFileTypes: true }).filter((file) =>
    file.isFile(),
  );
  expect(files.map(({ name }) => name)).toContain('cloud.db');
  for (const { parentPath, name } of files) {
    const bytes = readFileSync(join(parentPath, name));
    expect(bytes.includes(token)).toBe(false);
    expect(bytes.includes('secret-of-')).toBe(false);
  }
});
