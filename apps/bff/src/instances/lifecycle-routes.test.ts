import { bcsPaths } from '@moru/kakaocloud';
import {
  type AuditRecord,
  actionLogSchema,
  apiPaths,
  type CreateInstance,
  consoleLogSchema,
  createInstanceResultSchema,
  flavorListSchema,
  type Instance,
  imageListSchema,
  instanceSchema,
  networkListSchema,
} from '@moru/types';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import type { Browser } from '../testing/browser.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import { instanceNamed, publicIps } from '../testing/instances.ts';

let cloud: EmbeddedCloud;
let bff: TestBff;
let admin: Browser;
let member: Browser;

beforeAll(async () => {
  cloud = await startEmbeddedCloud();
  bff = await startTestBff(cloud, { MORU_CLOUD_TIMEOUT_MS: '1500' });
  admin = await bff.browser('admin');
  member = await bff.browser('member');
});
afterEach(() => cloud.setFaults([]));
afterAll(async () => {
  await bff.close();
  await cloud.stop();
});

const soon = { timeout: 10_000, interval: 20 };

async function settled(name: string, status: string): Promise<Instance> {
  return await vi.waitFor(async () => {
    const instance = await instanceNamed(admin, name);
    expect(instance).toMatchObject({ status, task: null });
    return instance;
  }, soon);
}

const lastRecords = async (count: number): Promise<AuditRecord[]> =>
  (await admin.get(`/api/audit?limit=${count}`)).body.records;
const actionsOf = async ({ id }: Instance) =>
  actionLogSchema.parse((await admin.get(apiPaths.actionLog(id))).body).actions.map(({ action }) => action);

async function wanted(change: Partial<CreateInstance> = {}): Promise<CreateInstance> {
  const { flavors } = flavorListSchema.parse((await admin.get(apiPaths.flavors)).body);
  const { images } = imageListSchema.parse((await admin.get(apiPaths.images)).body);
  const { vpcs } = networkListSchema.parse((await admin.get(apiPaths.networks)).body);
  const subnet = vpcs.find(({ name }) => name === 'vpc-front')?.subnets[0];
  return {
    name: 'fresh-01',
    imageId: images[0]?.id ?? '',
    flavorId: flavors[0]?.id ?? '',
    subnets: [{ subnetId: subnet?.id ?? '' }],
    ...change,
  };
}

test('a member stops, starts and reboots a server, and both logs tell of it', async () => {
  const web = await instanceNamed(admin, 'web-01');
  expect((await member.post(apiPaths.instanceStop(web.id))).status).toBe(204);
  await settled('web-01', 'stopped');
  expect((await member.post(apiPaths.instanceStart(web.id))).status).toBe(204);
  await settled('web-01', 'active');
  expect((await member.post(apiPaths.instanceHardReboot(web.id))).status).toBe(204);
  await vi.waitFor(async () => expect(await actionsOf(web)).toContain('hard-reboot'), soon);
  await settled('web-01', 'active');
  expect(await actionsOf(web)).toEqual(['hard-reboot', 'start', 'stop']);
  const [outcome, intent] = await lastRecords(2);
  expect(intent).toMatchObject({
    phase: 'intent',
    action: 'instance.hardReboot',
    target: { type: 'instance', id: web.id, name: 'web-01' },
  });
  expect(outcome).toMatchObject({ phase: 'succeeded', operationId: intent?.operationId });
});

test('what a state forbids is refused before the cloud is asked, and written down', async () => {
  const batch = await instanceNamed(admin, 'batch-01');
  const web = await instanceNamed(admin, 'web-01');
  for (const path of [apiPaths.instanceStop(batch.id), apiPaths.instanceStart(web.id)]) {
    expect((await admin.post(path)).body).toMatchObject({ status: 409, code: 'instance.state' });
  }
  expect(await lastRecords(1)).toMatchObject([
    { phase: 'refused', action: 'instance.start', detail: { code: 'instance.state' } },
  ]);
  expect(await actionsOf(batch)).toEqual([]);
});

test('the cloud’s own no, when its state has changed since', async () => {
  const web = await instanceNamed(admin, 'web-02');
  await cloud.setFaults([
    { method: 'POST', path: bcsPaths.action('*', 'stop'), kind: 'status', status: 409 },
  ]);
  const { body } = await admin.post(apiPaths.instanceStop(web.id));
  expect(body).toMatchObject({ status: 409, code: 'instance.state', upstream: 'A fault was asked for' });
});

test('a rebuild takes an image and a key pair; the log says what was lost', async () => {
  const database = await instanceNamed(admin, 'db-01');
  const { images } = imageListSchema.parse((await admin.get(apiPaths.images)).body);
  const other = images.find(({ name }) => name !== database.image);
  const path = apiPaths.instanceRebuild(database.id);
  expect((await member.post(path, { imageId: other?.id })).body).toMatchObject({ code: 'role.insufficient' });
  expect((await admin.post(path, { imageId: 'no-such-image' })).body).toMatchObject({
    code: 'input.invalid',
    upstream: expect.stringContaining('no-such-image'),
  });
  expect((await admin.post(path, { imageId: other?.id, keyName: 'ops-key' })).status).toBe(204);
  const rebuilt = await settled('db-01', 'active');
  expect(rebuilt).toMatchObject({ image: other?.name, keyName: 'ops-key' });
  const [, intent] = await lastRecords(2);
  expect(intent?.detail).toMatchObject({
    imageId: other?.id,
    before: { image: database.image, keyName: 'dba-key', publicIps: ['203.0.113.21'] },
  });
});

test('a new instance: there at once, described and renamed, then deleted; its Public IP stays', async () => {
  const script = '#!/bin/sh\necho secret-of-the-script';
  const body = await wanted({ keyName: 'ops-key', description: '새 서버', userData: script });
  expect((await member.post(apiPaths.instances, body)).status).toBe(403);
  const made = await admin.post(apiPaths.instances, body);
  const { instanceId } = createInstanceResultSchema.parse(made.body);
  const fresh = instanceSchema.parse((await admin.get(apiPaths.instance(instanceId))).body);
  expect(fresh).toMatchObject({
    name: 'fresh-01',
    status: expect.toBeOneOf(['spawning', 'active']),
    description: '새 서버',
    keyName: 'ops-key',
  });
  const [outcome, intent] = await lastRecords(2);
  expect(outcome).toMatchObject({ action: 'instance.create', detail: { instanceId } });
  expect(intent).toMatchObject({ target: { name: 'fresh-01' }, detail: { hasUserData: true } });
  expect(JSON.stringify(intent)).not.toContain('secret-of-the-script');

  await settled('fresh-01', 'active');
  const change = { name: 'fresh-02', description: 'renamed' };
  expect((await admin.put(apiPaths.instance(instanceId), change)).status).toBe(204);
  expect(await instanceNamed(admin, 'fresh-02')).toMatchObject({
    description: 'renamed',
    hostname: 'fresh-01',
  });

  const nic = fresh.networkInterfaces[0]?.id ?? '';
  const { body: connected } = await admin.post(apiPaths.interfacePublicIp(instanceId, nic), { mode: 'new' });
  expect((await admin.delete(apiPaths.instance(instanceId))).status).toBe(204);
  await vi.waitFor(async () => {
    expect((await admin.get(apiPaths.instance(instanceId))).status).toBe(404);
  }, soon);
  const kept = (await publicIps(admin)).find(({ id }) => id === connected.publicIp.id);
  expect(kept).toMatchObject({ status: 'available', attachedTo: null });
});

test('what cannot be created is said in the cloud’s own words', async () => {
  const taken = await wanted();
  taken.subnets = taken.subnets.map((subnet) => ({ ...subnet, privateIp: '198.168.0.10' }));
  expect((await admin.post(apiPaths.instances, taken)).body).toMatchObject({
    code: 'instance.refused',
    upstream: expect.stringContaining('198.168.0.10'),
  });
  expect((await admin.post(apiPaths.instances, await wanted({ keyName: 'made-up' }))).body).toMatchObject({
    code: 'input.invalid',
    upstream: expect.stringContaining('made-up'),
  });
  for (const change of [{ name: 'x' }, { count: 21 }, { subnets: [] }, { extra: 1 }]) {
    const { body } = await admin.post(apiPaths.instances, { ...(await wanted()), ...change });
    expect(body).toMatchObject({ status: 400, code: 'input.invalid' });
  }
});

test('an order whose answer is lost is looked for, and never given twice', async () => {
  const web = await settled('web-02', 'active');
  const { images } = imageListSchema.parse((await admin.get(apiPaths.images)).body);
  const orders: [path: string, order: string, body: unknown, then: string][] = [
    [apiPaths.instanceStop(web.id), 'stop', undefined, 'stopped'],
    [apiPaths.instanceStart(web.id), 'start', undefined, 'active'],
    [apiPaths.instanceHardReboot(web.id), 'hard-reboot', undefined, 'active'],
    [apiPaths.instanceRebuild(web.id), 'rebuild', { imageId: images[0]?.id }, 'active'],
  ];
  for (const [path, name, body, then] of orders) {
    await cloud.setFaults([
      { method: 'POST', path: bcsPaths.action('*', name), kind: 'answerLost', times: 1 },
    ]);
    expect([name, (await admin.post(path, body)).status]).toEqual([name, 204]);
    await settled('web-02', then);
  }
  expect(await actionsOf(web)).toEqual(['rebuild', 'hard-reboot', 'start', 'stop']);
});

test('a creation and a deletion whose answers are lost are looked for', async () => {
  await cloud.setFaults([{ method: 'POST', path: `${bcsPaths.instances}$`, kind: 'answerLost', times: 1 }]);
  const { body } = await admin.post(apiPaths.instances, await wanted({ name: 'lost-01' }));
  const { instanceId } = createInstanceResultSchema.parse(body);
  const fresh = await settled('lost-01', 'active');
  expect(fresh.id).toBe(instanceId);
  await cloud.setFaults([{ method: 'DELETE', path: bcsPaths.instance('*'), kind: 'answerLost', times: 1 }]);
  expect((await admin.delete(apiPaths.instance(instanceId))).status).toBe(204);
  await vi.waitFor(async () => {
    expect((await admin.get(apiPaths.instance(instanceId))).status).toBe(404);
  }, soon);
});

test('an order that was not taken fails, and one of which nothing is known says so', async () => {
  const web = await settled('web-01', 'active');
  const stop = { method: 'POST', path: bcsPaths.action('*', 'stop') };
  await cloud.setFaults([{ ...stop, kind: 'status', status: 500 }]);
  expect((await admin.post(apiPaths.instanceStop(web.id))).body).toMatchObject({
    code: 'upstream.unavailable',
  });
  await cloud.setFaults([{ ...stop, kind: 'hang' }]);
  expect((await admin.post(apiPaths.instanceStop(web.id))).body).toMatchObject({ code: 'outcome.unknown' });
  expect(await lastRecords(1)).toMatchObject([{ phase: 'unknown', action: 'instance.stop' }]);
  expect(await instanceNamed(admin, 'web-01')).toMatchObject({ status: 'active', task: null });
}, 20_000);

test('the console’s lines, as many as asked for', async () => {
  const web = await instanceNamed(admin, 'web-01');
  // No host stands behind these instances; packages/stack reads a real one.
  expect(consoleLogSchema.parse((await member.get(apiPaths.consoleLog(web.id))).body).lines).toEqual([]);
  for (const lines of ['0', 'all', '5001']) {
    expect((await admin.get(`${apiPaths.consoleLog(web.id)}?lines=${lines}`)).status).toBe(400);
  }
  expect((await admin.get(apiPaths.consoleLog('x'))).body).toMatchObject({ code: 'instance.notFound' });
  expect((await admin.get(apiPaths.actionLog('x'))).body).toMatchObject({ code: 'instance.notFound' });
});
