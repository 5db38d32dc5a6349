import { afterAll, beforeAll, expect, test } from 'vitest';
import { canary } from '../testing/accounts.ts';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import { instanceNamed } from '../testing/instances.ts';

let cloud: EmbeddedCloud;
let bff: TestBff;
beforeAll(async () => {
  cloud = await startEmbeddedCloud();
  bff = await startTestBff(cloud, { MORU_METRICS_LISTEN: '127.0.0.1:0' });
});
afterAll(async () => {
  await bff.close();
  await cloud.stop();
});

const at = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${bff.metricsPort}${path}`, { method });

/** Value of the one line that begins so. */
async function value(beginning: string): Promise<number> {
  const lines = (await (await at('/metrics')).text())
    .split('\n')
    .filter((line) => line.startsWith(beginning));
  expect(lines).toHaveLength(1);
  return Number(lines[0]?.split(' ').at(-1));
}

test('requests, calls to the cloud and what is open are counted', async () => {
  const admin = await bff.browser('admin');
  const web = await instanceNamed(admin, 'web-01');
  for (let count = 0; count < 3; count += 1) await admin.get(`/api/instances/${web.id}`);
  await admin.get('/api/instances/nobody-has-this');
  await admin.get(`/no/such/${canary}`);
  const request = 'moru_http_request_duration_seconds_count{method="GET",route=';
  expect(await value(`${request}"/api/instances/:instanceId",status="200"}`)).toBe(3);
  expect(await value(`${request}"/api/instances/:instanceId",status="404"}`)).toBe(1);
  expect(await value(`${request}"other",status="404"}`)).toBe(1);
  const host = new URL(cloud.url).host;
  expect(
    await value(`moru_cloud_call_duration_seconds_count{method="POST",host="${host}",status="201"}`),
  ).toBe(1);
  expect(await value('moru_sessions ')).toBe(1);
  expect(await value('moru_event_streams ')).toBe(0);
  expect(await value('moru_operations_running ')).toBe(0);
});

test('they name no instance, person or secret, and are not to be had from the console’s own address', async () => {
  const admin = await bff.browser('admin');
  const web = await instanceNamed(admin, 'web-01');
  await admin.get(`/api/instances/${web.id}`);
  const text = await (await at('/metrics')).text();
  for (const word of [web.id, 'web-01', 'admin-user', 'shop-prod', canary]) expect(text).not.toContain(word);
  expect((await admin.get('/metrics')).status).toBe(404);
  expect((await at('/')).status).toBe(404);
  expect((await at('/metrics', 'POST')).status).toBe(405);
});
