import { networkPaths } from '@moru/kakaocloud';
import {
  type Instance,
  type Operation,
  operationListSchema,
  operationSchema,
  type PublicIp,
} from '@moru/types';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import type { Browser } from '../testing/browser.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import { openEvents } from '../testing/event-stream.ts';
import { instanceNamed, interfacePath, publicIps } from '../testing/instances.ts';

// a busy machine is waited for
const soon = { timeout: 20_000 };

let cloud: EmbeddedCloud;
let bff: TestBff;
let admin: Browser;

beforeEach(async () => {
  cloud = await startEmbeddedCloud();
  bff = await startTestBff(cloud, { MORU_CLOUD_TIMEOUT_MS: '1500' });
  admin = await bff.browser('admin');
});
afterEach(async () => {
  await bff.close();
  await cloud.stop();
});

const deletions = `${networkPaths.publicIp('*')}$`;
const putOnInterface = '/api/v1/instances/*/network-interfaces/*/public-ips/*';

const operation = async (id: string): Promise<Operation> =>
  operationSchema.parse((await admin.get(`/api/operations/${id}`)).body);
const ended = (id: string) =>
  vi.waitFor(
    async () => {
      const now = await operation(id);
      if (now.state === 'running') throw new Error('still running');
      return now;
    },
    { timeout: 15_000, interval: 50 },
  );
const decide = (id: string, what: 'continue' | 'undo') => admin.post(`/api/operations/${id}/${what}`, {});
const steps = ({ steps: all }: Operation) => all.map(({ name, state }) => `${name} ${state}`);
const held = (instance: Instance) => instance.networkInterfaces[0]?.publicIp ?? null;
const addressAt = async (name: string) => held(await instanceNamed(admin, name))?.address ?? null;
const release = (ips: PublicIp[]) =>
  admin.post('/api/public-ips/release', {
    publicIps: ips.map(({ id, attachedTo }) => ({
      id,
      networkInterfaceId: attachedTo?.networkInterfaceId ?? null,
    })),
  });

async function move(from: Instance, to: Instance) {
  return admin.post(interfacePath(to), {
    mode: 'move',
    publicIpId: held(from)?.id,
    fromNetworkInterfaceId: from.networkInterfaces[0]?.id,
  });
}

test('moving takes an address from one instance to another, told step by step', async () => {
  const [web, database] = [await instanceNamed(admin, 'web-01'), await instanceNamed(admin, 'db-01')];
  const events = await openEvents(bff.port ?? 0, admin);
  const { body } = await move(database, web);
  expect(body.publicIp).toMatchObject({ address: '203.0.113.21', attachedTo: { instanceId: web.id } });
  const done = await ended(body.operation.id);
  expect(done).toMatchObject({
    kind: 'publicIp.move',
    state: 'succeeded',
    subject: { instanceName: 'web-01' },
  });
  expect(steps(done)).toEqual(['detach done', 'attach done', 'settle done']);
  expect([await addressAt('web-01'), await addressAt('db-01')]).toEqual(['203.0.113.21', null]);
  await events.next((event) => event.kind === 'operation' && event.operation?.state === 'succeeded');
  const told = events.told.flatMap(({ event }) => (event.kind === 'operation' && event.operation) || []);
  expect(told.length).toBeGreaterThanOrEqual(7);
  events.close();
});

test('an address that is elsewhere than it was seen is not moved', async () => {
  const [web, database] = [await instanceNamed(admin, 'web-01'), await instanceNamed(admin, 'db-01')];
  const wrong = { ...database, networkInterfaces: web.networkInterfaces };
  const answer = await admin.post(interfacePath(web), {
    mode: 'move',
    publicIpId: held(database)?.id,
    fromNetworkInterfaceId: held(wrong)?.id ?? 'x',
  });
  expect(answer.body).toMatchObject({ status: 409, code: 'publicIp.changed' });
  expect(await addressAt('db-01')).toBe('203.0.113.21');
});

test('F12: a move that stops half-way is shown as such, and goes on when told to', async () => {
  const [web, database] = [await instanceNamed(admin, 'web-01'), await instanceNamed(admin, 'db-01')];
  await cloud.setFaults([{ method: 'PUT', path: putOnInterface, kind: 'status', status: 500 }]);
  const { body } = await move(database, web);
  expect(body).toMatchObject({ code: 'publicIp.detachedNotAttached', upstream: 'A fault was asked for' });
  const half = await operation(body.operationId);
  expect(half).toMatchObject({ state: 'halfDone', can: { continue: true, undo: true } });
  expect(steps(half)).toEqual(['detach done', 'attach failed', 'settle waiting']);
  const open = operationListSchema.parse((await admin.get('/api/operations?open=true')).body);
  expect(open.operations.map(({ id }) => id)).toEqual([half.id]);

  // who may not connect may not go on with it either
  const member = await bff.browser('member');
  const refused = await member.post(`/api/operations/${half.id}/continue`, {});
  expect(refused.body).toMatchObject({ status: 403, code: 'role.insufficient' });
  expect((await decide(half.id, 'continue')).body).toMatchObject({ code: 'publicIp.detachedNotAttached' });
  await cloud.setFaults([]);
  expect((await decide(half.id, 'continue')).status).toBe(200);
  expect((await ended(half.id)).state).toBe('succeeded');
  expect(await addressAt('web-01')).toBe('203.0.113.21');
  expect((await decide(half.id, 'continue')).body).toMatchObject({ status: 409, code: 'operation.changed' });
}, 30_000);

test('F12: a move that stops half-way can be undone: the address is where it was', async () => {
  const [web, database] = [await instanceNamed(admin, 'web-01'), await instanceNamed(admin, 'db-01')];
  await cloud.setFaults([{ method: 'PUT', path: putOnInterface, kind: 'status', status: 500, times: 1 }]);
  const { body } = await move(database, web);
  expect((await decide(body.operationId, 'undo')).body).toMatchObject({ state: 'undone' });
  const undone = await operation(body.operationId);
  expect(steps(undone)).toEqual(['detach done', 'attach skipped', 'settle skipped', 'undo.attach done']);
  expect([await addressAt('web-01'), await addressAt('db-01')]).toEqual([null, '203.0.113.21']);
  expect((await decide(body.operationId, 'undo')).body.code).toBe('operation.changed');
  const { records } = (await admin.get('/api/audit?action=operation.undo')).body;
  expect(records).toMatchObject([{ phase: 'succeeded', detail: { state: 'undone' } }, { phase: 'intent' }]);
}, 30_000);

test('F12: disconnected but not deleted can be deleted later or connected again; a second deletion harms nobody', async () => {
  const disconnect = async (name: string) => {
    const instance = await instanceNamed(admin, name);
    const body = { publicIpId: held(instance)?.id, deletePublicIp: true };
    return (await admin.delete(interfacePath(instance), body)).body.operationId as string;
  };
  await cloud.setFaults([{ method: 'DELETE', path: deletions, kind: 'status', status: 500 }]);
  const [first, second] = [await disconnect('db-01'), await disconnect('batch-01')];
  await cloud.setFaults([]);
  expect((await decide(first, 'undo')).body.state).toBe('undone');
  expect(await addressAt('db-01')).toBe('203.0.113.21');

  const { id } = (await publicIps(admin)).find(({ address }) => address === '203.0.113.31') ?? { id: '' };
  const [released] = [await release((await publicIps(admin)).filter((ip) => ip.id === id))];
  expect((await ended(released?.body.id)).state).toBe('succeeded');
  expect((await decide(second, 'continue')).body.state).toBe('succeeded');
  expect((await publicIps(admin)).map(({ address }) => address)).not.toContain('203.0.113.31');
}, 40_000);

test('releasing many has a result for each; what is not where it was seen stops all before anything is done', async () => {
  const all = await publicIps(admin);
  const elsewhere = all.map((ip) => ({ ...ip, attachedTo: null }));
  expect((await release(elsewhere)).body).toMatchObject({ status: 409, code: 'publicIp.changed' });
  const stubborn = all.find(({ address }) => address === '203.0.113.21');
  await cloud.setFaults([
    { method: 'DELETE', path: `${networkPaths.publicIp(stubborn?.id ?? '')}$`, kind: 'status', status: 500 },
  ]);
  const { body } = await release(all);
  expect(body).toMatchObject({ kind: 'publicIp.release', state: 'running', items: { total: all.length } });
  const done = await ended(body.id);
  expect(done).toMatchObject({
    state: 'failed',
    items: { total: all.length, succeeded: all.length - 1, failed: 1 },
  });
  const items = operationListSchema.parse((await admin.get(`/api/operations?parent=${body.id}`)).body);
  const bad = items.operations.filter(({ state }) => state !== 'succeeded');
  expect(bad).toMatchObject([{ state: 'halfDone', subject: { address: '203.0.113.21' } }]);
  expect(items.page.total).toBe(all.length);

  await cloud.setFaults([]);
  await decide(bad[0]?.id ?? '', 'continue');
  expect(await ended(body.id)).toMatchObject({ state: 'succeeded', items: { failed: 0 } });
  expect(await publicIps(admin)).toEqual([]);
}, 60_000);

test('F13: of two admins at once one wins, and the other is told', async () => {
  const other = await bff.browser('admin');
  for (let round = 0; round < 4; round += 1) {
    const web = await instanceNamed(admin, 'web-01');
    const answers = await Promise.all(
      [admin, other].map((browser) => browser.post(interfacePath(web), { mode: 'new' })),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 409]);
    const loser = answers.find(({ status }) => status === 409);
    expect(['operation.pending', 'networkInterface.hasPublicIp']).toContain(loser?.body.code);
    const winner = answers.find(({ status }) => status === 200)?.body;
    await ended(winner.operation.id);
    expect(await publicIps(admin)).toHaveLength(5);
    const shown = await instanceNamed(admin, 'web-01');
    const gone = { publicIpId: held(shown)?.id, deletePublicIp: true };
    expect((await admin.delete(interfacePath(shown), gone)).status).toBe(200);
  }
}, 60_000);

test('without the session that began it, an operation waits for somebody else’s decision', async () => {
  const [web, database] = [await instanceNamed(admin, 'web-01'), await instanceNamed(admin, 'db-01')];
  const leaver = await bff.browser('admin');
  await cloud.setFaults([{ method: 'PUT', path: putOnInterface, kind: 'latency', ms: 700 }]);
  const moving = leaver.post(interfacePath(web), {
    mode: 'move',
    publicIpId: held(database)?.id,
    fromNetworkInterfaceId: database.networkInterfaces[0]?.id,
  });
  const id = await vi.waitFor(async () => {
    const { operations } = (await admin.get('/api/operations')).body;
    if (operations[0]?.steps[0].state !== 'done') throw new Error('not disconnected yet');
    return operations[0].id as string;
  }, soon);
  await leaver.delete('/api/session');
  await moving;
  const stopped = await ended(id);
  expect(stopped).toMatchObject({ state: 'halfDone', can: { continue: true } });
  await cloud.setFaults([]);
  expect((await decide(id, 'continue')).status).toBe(200);
  expect((await ended(id)).state).toBe('succeeded');
  expect(await addressAt('web-01')).toBe('203.0.113.21');
}, 40_000);
