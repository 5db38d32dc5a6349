import { bcsPaths } from '@moru/kakaocloud';
import {
  type AuditRecord,
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

let cloud: EmbeddedCloud;
let bff: TestBff;
let admin: Browser;
let web: Instance;

beforeEach(async () => {
  cloud = await startEmbeddedCloud();
  bff = await startTestBff(cloud, { MORU_CLOUD_TIMEOUT_MS: '400' });
  admin = await bff.browser('admin');
  web = await instanceNamed(admin, 'web-01');
});
afterEach(async () => {
  await bff.close();
  await cloud.stop();
});

const writes = bcsPaths.interfacePublicIps('*', '*');
const heldBy = async (name: string) => (await instanceNamed(admin, name)).networkInterfaces[0]?.publicIp;
const lastRecords = async (count: number): Promise<AuditRecord[]> =>
  (await admin.get(`/api/audit?limit=${count}`)).body.records;

test('a new one: attaching at once, in use soon, in the list with where it is', async () => {
  const { status, body } = await admin.post(interfacePath(web), { mode: 'new' });
  expect(status).toBe(200);
  const { publicIp } = connectPublicIpResultSchema.parse(body);
  expect(publicIp).toMatchObject({ status: 'attaching', attachedTo: { instanceName: 'web-01' } });
  await vi.waitFor(async () => {
    expect(await heldBy('web-01')).toEqual({ id: publicIp.id, address: publicIp.address, status: 'in_use' });
  });
  const list = publicIpListSchema.parse((await admin.get(`/api/public-ips?q=${publicIp.address}`)).body);
  expect(list.publicIps).toMatchObject([{ id: publicIp.id, attachedTo: { instanceId: web.id } }]);

  const [outcome, intent] = await lastRecords(2);
  expect(intent).toMatchObject({
    phase: 'intent',
    action: 'publicIp.connect',
    target: { type: 'instance', id: web.id, name: 'web-01' },
    detail: { mode: 'new', networkInterfaceId: web.networkInterfaces[0]?.id },
  });
  expect(outcome).toMatchObject({ phase: 'succeeded', detail: { address: publicIp.address } });
  expect(outcome?.operationId).toBe(intent?.operationId);
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
  const kept = await admin.delete(interfacePath(database), { deletePublicIp: false });
  expect(disconnectPublicIpResultSchema.parse(kept.body)).toEqual({
    address: '203.0.113.21',
    deleted: false,
  });
  expect((await publicIps(admin)).find(({ address }) => address === '203.0.113.21')).toMatchObject({
    status: 'available',
    attachedTo: null,
  });
  const batch = await instanceNamed(admin, 'batch-01');
  const deleted = await admin.delete(interfacePath(batch), { deletePublicIp: true });
  expect(deleted.body).toEqual({ address: '203.0.113.31', deleted: true });
  expect((await publicIps(admin)).map(({ address }) => address)).not.toContain('203.0.113.31');
  const gone = await admin.delete(interfacePath(batch), { deletePublicIp: true });
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
      await browser.delete(interfacePath(database), { deletePublicIp: true }),
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

test.each([true, false])('F11: disconnecting with the answer lost, deletion %s', async (deletePublicIp) => {
  const database = await instanceNamed(admin, 'db-01');
  await cloud.setFaults([{ method: 'DELETE', path: writes, kind: 'answerLost', times: 1 }]);
  const { body } = await admin.delete(interfacePath(database), { deletePublicIp });
  expect(body).toEqual({ address: '203.0.113.21', deleted: deletePublicIp });
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
}, 15_000);

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
  // a cloud that forgets the second half
  const relay = await startRelay(cloud.url, (_method, url) =>
    url.replace('is_delete=true', 'is_delete=false'),
  );
  const half = await startTestBff(cloud, { MORU_BCS_URL: relay.url });
  const browser = await half.browser('admin');
  const database = await instanceNamed(browser, 'db-01');
  const { body } = await browser.delete(interfacePath(database), { deletePublicIp: true });
  expect(body).toMatchObject({ status: 502, code: 'publicIp.detachedNotDeleted' });
  const left = (await publicIps(admin)).find(({ address }) => address === '203.0.113.21');
  expect(left).toMatchObject({ status: 'available', attachedTo: null });

  const write = relay.answers.find(({ method }) => method === 'DELETE');
  expect(write?.requestHeaders['x-request-id']).toBe(body.requestId);
  await half.close();
  await relay.close();
});

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
