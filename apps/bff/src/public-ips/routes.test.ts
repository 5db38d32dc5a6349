import { bcsPaths, networkPaths } from '@moru/kakaocloud';
import {
  type AuditRecord,
  apiPaths,
  connectPublicIpResultSchema,
  disconnectPublicIpResultSchema,
  type Instance,
  publicIpListSchema,
} from '@moru/types';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import type { Browser } from '../testing/browser.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import { instanceNamed, interfacePath, publicIps } from '../testing/instances.ts';
import { startRelay } from '../testing/relay.ts';

// a busy machine is waited for
const soon = { timeout: 20_000 };

let cloud: EmbeddedCloud;
let bff: TestBff;
let admin: Browser;
let web: Instance;

beforeEach(async () => {
  cloud = await startEmbeddedCloud();
  bff = await startTestBff(cloud, { MORU_CLOUD_TIMEOUT_MS: '1500' });
  admin = await bff.browser('admin');
  web = await instanceNamed(admin, 'web-01');
});
afterEach(async () => {
  await bff.close();
  await cloud.stop();
});

const writes = bcsPaths.interfacePublicIps('*', '*');
const detachments = networkPaths.publicIpInterface('*', '*');
const deletions = `${networkPaths.publicIp('*')}$`;
const heldBy = async (name: string) => (await instanceNamed(admin, name)).networkInterfaces[0]?.publicIp;
/** What the console sends: the address that its user sees on the instance's first interface. */
const disconnect = (browser: Browser, instance: Instance, deletePublicIp: boolean) =>
  browser.delete(interfacePath(instance), {
    publicIpId: instance.networkInterfaces[0]?.publicIp?.id,
    deletePublicIp,
  });
const lastRecords = async (count: number): Promise<AuditRecord[]> =>
  (await admin.get(`/api/audit?limit=${count}`)).body.records;

test('a new one: connected at once, in use soon, in the list with where it is', async () => {
  const { status, body } = await admin.post(interfacePath(web), { mode: 'new' });
  expect(status).toBe(200);
  const { publicIp } = connectPublicIpResultSchema.parse(body);
  expect(publicIp).toMatchObject({ attachedTo: { instanceName: 'web-01' } });
  expect(['attaching', 'in_use']).toContain(publicIp.status);
  await vi.waitFor(async () => {
    expect(await heldBy('web-01')).toEqual({ id: publicIp.id, address: publicIp.address, status: 'in_use' });
  }, soon);
  const list = publicIpListSchema.parse((await admin.get(`/api/public-ips?q=${publicIp.address}`)).body);
  expect(list.publicIps).toMatchObject([{ id: publicIp.id, attachedTo: { instanceId: web.id } }]);

  const [outcome, intent] = await vi.waitFor(async () => {
    const records = await lastRecords(2);
    expect(records[0]).toMatchObject({ phase: 'succeeded', action: 'publicIp.connect' });
    return records;
  }, soon);
  expect(intent).toMatchObject({
    phase: 'intent',
    action: 'publicIp.connect',
    target: { type: 'instance', id: web.id, name: 'web-01' },
    detail: { mode: 'new', networkInterfaceId: web.networkInterfaces[0]?.id },
  });
  expect(outcome).toMatchObject({ phase: 'succeeded', detail: { address: publicIp.address } });
  expect(outcome?.operationId).toBe(intent?.operationId);
});

test('the list by use: idle ones, the others, or all; another word is refused by name', async () => {
  const of = async (idle: string) => {
    const { status, body } = await admin.get(`${apiPaths.publicIps}?limit=200&idle=${idle}`);
    expect(status).toBe(200);
    return publicIpListSchema.parse(body).publicIps;
  };
  const [idle, used] = [await of('true'), await of('false')];
  expect(idle.length).toBeGreaterThan(0);
  expect(used.length).toBeGreaterThan(0);
  expect(idle.every(({ attachedTo }) => attachedTo === null)).toBe(true);
  expect(used.every(({ attachedTo }) => attachedTo !== null)).toBe(true);
  expect([...idle, ...used].map(({ id }) => id).sort()).toEqual(
    (await publicIps(admin)).map(({ id }) => id).sort(),
  );
  const { status, body } = await admin.get(`${apiPaths.publicIps}?idle=maybe`);
  expect({ status, fields: body.fields }).toMatchObject({ status: 400, fields: [{ field: 'idle' }] });
});

test('an idle one; then it cannot be had a second time, nor the interface', async () => {
  const idle = (await publicIps(admin)).find(({ status }) => status === 'available');
  const choice = { mode: 'existing', publicIpId: idle?.id };
  expect((await admin.post(interfacePath(web), choice)).body.publicIp.address).toBe(idle?.address);
  const again = await admin.post(interfacePath(web), { mode: 'new' });
  expect(again.body).toMatchObject({ status: 409, code: 'networkInterface.hasPublicIp' });
  const other = await instanceNamed(admin, 'web-02');
  const taken = await admin.post(interfacePath(other, 1), choice);
  expect(taken.body).toMatchObject({ status: 409, code: 'publicIp.inUse' });
  expect(await lastRecords(1)).toMatchObject([{ phase: 'refused', detail: { code: 'publicIp.inUse' } }]);
});

test('disconnecting keeps the address idle, or deletes it, as asked', async () => {
  const database = await instanceNamed(admin, 'db-01');
  const kept = await disconnect(admin, database, false);
  expect(disconnectPublicIpResultSchema.parse(kept.body)).toMatchObject({
    address: '203.0.113.21',
    deleted: false,
  });
  expect((await publicIps(admin)).find(({ address }) => address === '203.0.113.21')).toMatchObject({
    status: 'available',
    attachedTo: null,
  });
  const batch = await instanceNamed(admin, 'batch-01');
  const deleted = await disconnect(admin, batch, true);
  expect(deleted.body).toMatchObject({ address: '203.0.113.31', deleted: true });
  expect((await publicIps(admin)).map(({ address }) => address)).not.toContain('203.0.113.31');
  const gone = await disconnect(admin, batch, true);
  expect(gone.body).toMatchObject({ status: 409, code: 'networkInterface.noPublicIp' });
});

test('an interface of another instance, and an address of nobody, are not found', async () => {
  const other = await instanceNamed(admin, 'web-02');
  const mixed = `/api/instances/${web.id}/network-interfaces/${other.networkInterfaces[0]?.id}/public-ip`;
  expect((await admin.post(mixed, { mode: 'new' })).body.code).toBe('networkInterface.notFound');
  const unknown = { mode: 'existing', publicIpId: '3f0f7b6e-6f8d-4c39-8f53-0f2ad3a0a5b1' };
  expect((await admin.post(interfacePath(web), unknown)).body.code).toBe('publicIp.notFound');
});

test('member and reader are refused when they ask directly, and nothing changes', async () => {
  for (const role of ['member', 'reader']) {
    const browser = await bff.browser(role);
    const database = await instanceNamed(browser, 'db-01');
    const answers = [
      await browser.post(interfacePath(web), { mode: 'new' }),
      await disconnect(browser, database, true),
    ];
    for (const { body } of answers) expect(body).toMatchObject({ status: 403, code: 'role.insufficient' });
  }
  expect(await publicIps(admin)).toHaveLength(4);
  expect(await heldBy('web-01')).toBeNull();
});

test.each(['answerLost', 'truncated'] as const)(
  'F11: connecting with the answer %s is answered from the cloud’s state',
  async (kind) => {
    await cloud.setFaults([{ method: 'POST', path: writes, kind, times: 1 }]);
    const { status, body } = await admin.post(interfacePath(web), { mode: 'new' });
    expect(status).toBe(200);
    expect((await heldBy('web-01'))?.id).toBe(body.publicIp.id);
    expect(await publicIps(admin)).toHaveLength(5);
  },
);

test.each([
  ['disconnecting', false, detachments],
  ['disconnecting before a deletion', true, detachments],
  ['deleting', true, deletions],
])('F11: the answer to %s is lost', async (_name, deletePublicIp, path) => {
  const database = await instanceNamed(admin, 'db-01');
  await cloud.setFaults([{ method: 'DELETE', path, kind: 'answerLost', times: 1 }]);
  const { body } = await disconnect(admin, database, deletePublicIp);
  expect(body).toMatchObject({ address: '203.0.113.21', deleted: deletePublicIp });
  const left = (await publicIps(admin)).find(({ address }) => address === '203.0.113.21');
  expect(left?.status).toBe(deletePublicIp ? undefined : 'available');
});

test('only the address that was shown is disconnected, and what is meant is recorded before', async () => {
  const database = await instanceNamed(admin, 'db-01');
  const held = database.networkInterfaces[0]?.publicIp;
  const other = (await publicIps(admin)).find(({ id }) => id !== held?.id);
  const path = interfacePath(database);
  const wrong = await admin.delete(path, { publicIpId: other?.id, deletePublicIp: true });
  expect(wrong.body).toMatchObject({ status: 409, code: 'publicIp.changed' });
  expect(await lastRecords(1)).toMatchObject([{ phase: 'refused', detail: { code: 'publicIp.changed' } }]);
  // exchanged after the BFF's look: the cloud itself knows that it is no longer on this interface
  await cloud.setFaults([{ method: 'DELETE', path: detachments, kind: 'status', status: 409, times: 1 }]);
  expect((await disconnect(admin, database, true)).body.code).toBe('publicIp.changed');
  expect(await heldBy('db-01')).toEqual(held);
  expect(await publicIps(admin)).toHaveLength(4);

  expect((await disconnect(admin, database, false)).status).toBe(200);
  const [, intent] = await lastRecords(2);
  expect(intent).toMatchObject({
    phase: 'intent',
    detail: { publicIpId: held?.id, address: held?.address, deletePublicIp: false },
  });
});

test('F10: a cloud that answers 500 changed nothing: said so, in its words, and not tried again', async () => {
  await cloud.setFaults([{ method: 'POST', path: writes, kind: 'status', status: 500, times: 1 }]);
  const { body } = await admin.post(interfacePath(web), { mode: 'new' });
  expect(body).toMatchObject({ code: 'upstream.unavailable', upstream: 'A fault was asked for' });
  expect(await publicIps(admin)).toHaveLength(4);
  expect(await lastRecords(1)).toMatchObject([{ phase: 'failed', detail: { code: 'upstream.unavailable' } }]);
});

test('F11: a write that hangs without effect is unknown, in the answer and in the log', async () => {
  await cloud.setFaults([{ method: 'POST', path: writes, kind: 'hang' }]);
  const { body } = await admin.post(interfacePath(web), { mode: 'new' });
  expect(body).toMatchObject({ status: 504, code: 'outcome.unknown' });
  expect(await lastRecords(1)).toMatchObject([{ phase: 'unknown' }]);
}, 60_000);

test('F10: a list that fails once is asked again; one that hangs is told as late', async () => {
  const list = '/api/v1/public-ips$';
  await cloud.setFaults([{ method: 'GET', path: list, kind: 'status', status: 503, times: 1 }]);
  expect((await admin.get('/api/public-ips')).status).toBe(200);
  await cloud.setFaults([{ method: 'GET', path: list, kind: 'hang' }]);
  expect((await admin.get('/api/public-ips')).body).toMatchObject({ status: 504, code: 'upstream.timeout' });
  await cloud.setFaults([{ method: 'GET', path: list, kind: 'truncated' }]);
  expect((await admin.get('/api/public-ips')).body).toMatchObject({ code: 'upstream.unavailable' });
});

test('F12: disconnected but not deleted is said as such, and the address is still there', async () => {
  const relay = await startRelay(cloud.url);
  const half = await startTestBff(cloud, { MORU_NETWORK_URL: relay.url });
  const browser = await half.browser('admin');
  for (const [name, address, status] of [
    ['db-01', '203.0.113.21', 409],
    ['batch-01', '203.0.113.31', 500],
  ] as const) {
    await cloud.setFaults([{ method: 'DELETE', path: deletions, kind: 'status', status }]);
    const { body } = await disconnect(browser, await instanceNamed(browser, name), true);
    expect(body).toMatchObject({
      status: 502,
      code: 'publicIp.detachedNotDeleted',
      upstream: 'A fault was asked for',
    });
    const left = (await publicIps(admin)).find((each) => each.address === address);
    expect(left).toMatchObject({ status: 'available', attachedTo: null });
    const write = relay.answers.findLast(({ method }) => method === 'DELETE');
    expect(write?.requestHeaders['x-request-id']).toBe(body.requestId);
  }
  await half.close();
  await relay.close();
}, 60_000);

test('F12: disconnected, with a deletion that hangs, is unknown', async () => {
  await cloud.setFaults([{ method: 'DELETE', path: deletions, kind: 'hang' }]);
  const { body } = await disconnect(admin, await instanceNamed(admin, 'db-01'), true);
  expect(body).toMatchObject({ code: 'outcome.unknown', detail: expect.stringContaining('before are done') });
}, 60_000);

test('an address that the cloud has deleted by itself is deleted', async () => {
  await cloud.setFaults([{ method: 'DELETE', path: deletions, kind: 'status', status: 404 }]);
  const { body } = await disconnect(admin, await instanceNamed(admin, 'db-01'), true);
  expect(body).toMatchObject({ address: '203.0.113.21', deleted: true });
});

test('F11: a gateway’s 503 is no word of the cloud: what it does later is still seen', async () => {
  const relay = await startRelay(cloud.url);
  const behind = await startTestBff(cloud, { MORU_BCS_URL: relay.url });
  const browser = await behind.browser('admin');
  await cloud.setFaults([{ method: 'POST', path: writes, kind: 'status', status: 503, times: 1 }]);
  const first = browser.post(interfacePath(web), { mode: 'new' });
  await vi.waitFor(() => expect(relay.answers.some(({ method }) => method === 'POST')).toBe(true), soon);
  const late = await admin.post(interfacePath(web), { mode: 'new' });
  const { status, body } = await first;
  expect(status).toBe(200);
  expect(body.publicIp.id).toBe(late.body.publicIp.id);
  await behind.close();
  await relay.close();
}, 60_000);

test('F17: without a record of the intent nothing is changed', async () => {
  const { DatabaseSync } = await import('node:sqlite');
  const file = new DatabaseSync(`${bff.folder}/data/moru.db`);
  file.exec(`CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT raise(abort, 'disk full'); END`);
  const { body } = await admin.post(interfacePath(web), { mode: 'new' });
  expect(body).toMatchObject({ status: 503, code: 'audit.unwritable' });
  expect(await heldBy('web-01')).toBeNull();
  file.exec('DROP TRIGGER full');
  file.close();
  expect((await admin.post(interfacePath(web), { mode: 'new' })).status).toBe(200);
});
