import { connect } from 'node:net';
import { apiErrorSchema, bcsPaths, iamPaths, keystoneErrorSchema, networkPaths } from '@moru/kakaocloud';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { credential, openCloud } from '../testing/test-cloud.ts';

test('the health check needs no token', async () => {
  const cloud = await openCloud();
  expect((await cloud.call('GET', '/healthz')).body).toEqual({ status: 'ok' });
});

test('the request id of the caller comes back, or a new one', async () => {
  const cloud = await openCloud();
  const given = await cloud.call('GET', bcsPaths.instances, { headers: { 'x-request-id': 'req-7.a_b' } });
  expect(given.headers.get('x-request-id')).toBe('req-7.a_b');
  for (const bad of ['', 'a b', 'x'.repeat(129), '"quoted"']) {
    const answer = await cloud.call('GET', bcsPaths.instances, { headers: { 'x-request-id': bad } });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test('an address that leads nowhere is a 404 in the form of its service', async () => {
  const cloud = await openCloud();
  const api = await cloud.as('admin', 'GET', '/api/v1/nothing');
  expect([api.status, apiErrorSchema.safeParse(api.body).success]).toEqual([404, true]);
  const iam = await cloud.as('admin', 'GET', '/identity/v3/nothing');
  expect([iam.status, keystoneErrorSchema.safeParse(iam.body).success]).toEqual([404, true]);
  const wrongCase = await cloud.as('admin', 'GET', bcsPaths.instances.toUpperCase());
  expect(wrongCase.status).toBe(404);
});

test('a path that cannot be decoded is a 400', async () => {
  const cloud = await openCloud();
  const answer = await cloud.as('admin', 'GET', `${bcsPaths.instances}/%E0%A4%A`);
  expect([answer.status, apiErrorSchema.safeParse(answer.body).success]).toEqual([400, true]);
});

test('a body above 256 KiB is a 413, deep nesting a 400', async () => {
  const cloud = await openCloud();
  const large = { public_ip: { description: 'x'.repeat(256 * 1024) } };
  const answer = await cloud.as('admin', 'POST', networkPaths.publicIps, { body: large });
  expect(answer.status).toBe(413);
  expect(apiErrorSchema.parse(answer.body).error.code).toBe('PayloadTooLarge');
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  expect((await cloud.as('admin', 'POST', networkPaths.publicIps, { body: deep })).status).toBe(400);
  expect(await cloud.publicIps()).toHaveLength(4);
});

test('a body that is not said to be JSON is not read', async () => {
  const cloud = await openCloud();
  const headers = { 'content-type': 'text/plain' };
  const body = JSON.stringify({ public_ip: {} });
  expect((await cloud.as('admin', 'POST', networkPaths.publicIps, { body, headers })).status).toBe(400);
});

test('the log has every request, and neither tokens nor secrets', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line) => lines.push(line) });
  const cloud = await openCloud({ log });
  const token = await cloud.signIn('admin');
  await cloud.call('GET', `${bcsPaths.instances}?name=web`, { headers: { 'x-auth-token': token } });
  await cloud.call('POST', iamPaths.tokens, { body: credential('key-of-admin', 'not-the-secret') });
  await cloud.call('POST', iamPaths.tokens, { body: '{"secret":"not-the-secret"' });
  await cloud.stop();
  const text = lines.join('');
  expect(lines.filter((line) => line.includes('"msg":"request"'))).toHaveLength(4);
  for (const secret of [token, 'secret-of-admin', 'not-the-secret']) expect(text).not.toContain(secret);
});

test('an end waits for the request under way and refuses new ones', async () => {
  const cloud = await openCloud({ faults: true });
  await cloud.publicIps();
  await cloud.call('PUT', '/_moru/faults', {
    body: [{ path: bcsPaths.instances, kind: 'latency', ms: 150 }],
  });
  const underWay = cloud.as('admin', 'GET', bcsPaths.instances);
  await cloud.as('admin', 'GET', networkPaths.publicIps);
  const { port } = new URL(cloud.url);
  await cloud.stop();
  expect((await underWay).status).toBe(200);
  const refused = new Promise((resolve) => connect(Number(port), '127.0.0.1').once('error', resolve));
  expect(await refused).toMatchObject({ code: 'ECONNREFUSED' });
});
