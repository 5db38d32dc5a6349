import { apiErrorSchema, bcsPaths, iamPaths, keystoneErrorSchema, networkPaths } from '@moru/kakaocloud';
import { expect, test } from 'vitest';
import { credential, openCloud, type TestCloud } from '../testing/test-cloud.ts';
import { isLoopback } from './faults.ts';

async function withFaults(...faults: unknown[]): Promise<TestCloud> {
  const cloud = await openCloud({ faults: true });
  // Tokens first, so that no fault meets the sign-in.
  await cloud.publicIps();
  expect((await cloud.call('PUT', '/_moru/faults', { body: faults })).status).toBe(204);
  return cloud;
}

test('the route is closed unless the installation opens it', async () => {
  const cloud = await openCloud();
  expect((await cloud.as('admin', 'PUT', '/_moru/faults', { body: [] })).status).toBe(404);
});

test('the route is for the cloud’s own side', () => {
  for (const address of ['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])
    expect(isLoopback(address)).toBe(true);
  for (const address of ['10.0.0.1', '::ffff:10.0.0.1', 'fe80::1', '1127.0.0.1', '', undefined]) {
    expect(isLoopback(address)).toBe(false);
  }
});

test('a fault that is not understood is refused', async () => {
  const cloud = await openCloud({ faults: true });
  for (const body of [{}, [{}], [{ path: '/', kind: 'fire' }], [{ path: '/', kind: 'status' }]]) {
    expect((await cloud.call('PUT', '/_moru/faults', { body })).status).toBe(400);
  }
});

test('status: fails as often as told, does nothing, in the form of the service', async () => {
  const cloud = await withFaults(
    { method: 'post', path: networkPaths.publicIps, kind: 'status', status: 503, times: 2 },
    { path: iamPaths.tokens, kind: 'status', status: 500, times: 1 },
  );
  const create = () => cloud.as('admin', 'POST', networkPaths.publicIps, { body: { public_ip: {} } });
  const first = await create();
  expect(first.status).toBe(503);
  expect(apiErrorSchema.parse(first.body).error.code).toBe('ServiceUnavailable');
  expect((await create()).status).toBe(503);
  expect(await cloud.publicIps()).toHaveLength(4);
  expect((await create()).status).toBe(201);
  const signIn = await cloud.call('POST', iamPaths.tokens, { body: credential('key-of-admin') });
  expect(keystoneErrorSchema.parse(signIn.body).error.code).toBe(500);
});

test('rateLimited: 429 with Retry-After, until cleared', async () => {
  const cloud = await withFaults({ path: '/api/v1', kind: 'rateLimited', ms: 1500 });
  for (const path of [bcsPaths.instances, networkPaths.publicIps]) {
    const answer = await cloud.as('admin', 'GET', path);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '2']);
  }
  expect((await cloud.call('DELETE', '/_moru/faults')).status).toBe(204);
  expect((await cloud.as('admin', 'GET', bcsPaths.instances)).status).toBe(200);
});

test('latency: the answer comes later', async () => {
  const cloud = await withFaults({ path: bcsPaths.instances, kind: 'latency', ms: 200, times: 1 });
  const begun = performance.now();
  expect((await cloud.as('admin', 'GET', bcsPaths.instances)).status).toBe(200);
  expect(performance.now() - begun).toBeGreaterThanOrEqual(195);
});

test('hang: no answer, and the cloud still ends', async () => {
  const cloud = await withFaults({ path: bcsPaths.instances, kind: 'hang' });
  const signal = AbortSignal.timeout(150);
  await expect(cloud.as('admin', 'GET', bcsPaths.instances, { signal })).rejects.toThrow(/timeout/);
  expect((await cloud.as('admin', 'GET', networkPaths.publicIps)).status).toBe(200);
});

test('answerLost: it happens, but nobody hears of it', async () => {
  const cloud = await withFaults({
    method: 'POST',
    path: networkPaths.publicIps,
    kind: 'answerLost',
    times: 1,
  });
  const body = { public_ip: { description: 'lost' } };
  await expect(cloud.as('admin', 'POST', networkPaths.publicIps, { body })).rejects.toThrow();
  expect((await cloud.publicIps()).map((ip) => ip.description)).toContain('lost');
});

test('truncated: half of the JSON', async () => {
  const cloud = await withFaults({ path: networkPaths.publicIps, kind: 'truncated', times: 1 });
  const half = await cloud.as('admin', 'GET', networkPaths.publicIps);
  const whole = await cloud.as('admin', 'GET', networkPaths.publicIps);
  expect(half.status).toBe(200);
  expect(half.body).toBeNull();
  expect(whole.text.startsWith(half.text)).toBe(true);
  expect(half.text.length).toBeGreaterThan(whole.text.length / 3);
});

test('a star stands for one segment, a dollar sign for the end', async () => {
  const cloud = await withFaults(
    { path: '/api/v1/instances/*/network-interfaces', kind: 'status', status: 500 },
    { path: '/api/v1/public-ips$', kind: 'status', status: 500 },
  );
  const { id } = await cloud.instance('web-01');
  expect((await cloud.as('admin', 'GET', bcsPaths.instance(id))).status).toBe(200);
  expect((await cloud.as('admin', 'GET', bcsPaths.networkInterfaces(id))).status).toBe(500);
  expect((await cloud.as('admin', 'GET', networkPaths.publicIps)).status).toBe(500);
  expect((await cloud.as('admin', 'GET', networkPaths.publicIp('x'))).status).toBe(404);
});
