import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type OwnSession, ownSessionListSchema } from '@moru/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import { Browser } from '../testing/browser.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';

let cloud: EmbeddedCloud;
let bff: TestBff;

beforeAll(async () => {
  cloud = await startEmbeddedCloud();
  bff = await startTestBff(cloud);
});
afterAll(async () => {
  await bff.close();
  await cloud.stop();
});

const list = async (browser: Browser): Promise<OwnSession[]> =>
  ownSessionListSchema.parse((await browser.get('/api/sessions')).body).sessions;

const account = (role: string) => {
  const found = cloud.accounts.find(({ id }) => id === role);
  if (!found) throw new Error(`no account ${role}`);
  return found;
};

/** As if every key had been proven an hour ago. */
function forgetProofs(): void {
  const file = new DatabaseSync(join(bff.folder, 'data', 'moru.db'));
  file.exec('UPDATE session SET created_at = created_at - 3600000, proved_at = proved_at - 3600000');
  file.close();
}

test('one’s own sessions are listed with device and address, and one of them can be ended', async () => {
  const [here, there] = [await bff.browser('member'), await bff.browser()];
  const agent = 'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36';
  await there.post('/api/session', { seededAccount: 'member' }, { headers: { 'user-agent': agent } });
  await bff.browser('admin');

  const own = await list(here);
  expect(own).toHaveLength(2);
  const other = own.find(({ current }) => !current);
  expect(other).toMatchObject({ device: 'Chrome 140 · Windows', address: '127.0.0.1', role: 'member' });

  expect((await here.delete(`/api/sessions/${other?.id}`)).status).toBe(204);
  expect((await there.get('/api/instances')).body.code).toBe('session.expired');
  expect((await list(here)).map(({ current }) => current)).toEqual([true]);
  expect((await here.delete(`/api/sessions/${other?.id}`)).body.code).toBe('session.notFound');
});

test('T7: another person’s session is not found, and lives on', async () => {
  const [admin, reader] = [await bff.browser('admin'), await bff.browser('reader')];
  const [foreign] = await list(reader);
  const answer = await admin.delete(`/api/sessions/${foreign?.id}`);
  expect(answer.body).toMatchObject({ status: 404, code: 'session.notFound' });
  expect((await reader.get('/api/instances')).status).toBe(200);
});

test('signing out everywhere ends all of a person’s sessions, this one too, and nobody else’s', async () => {
  const [first, second, other] = [
    await bff.browser('reader'),
    await bff.browser('reader'),
    await bff.browser('admin'),
  ];
  expect((await first.delete('/api/sessions')).status).toBe(204);
  expect(first.cookie).toBeUndefined();
  expect((await second.get('/api/instances')).body.code).toBe('session.expired');
  expect((await other.get('/api/instances')).status).toBe(200);
  const { records } = (await other.get('/api/audit?action=session.end&limit=1')).body;
  expect(records[0]).toMatchObject({ phase: 'succeeded', actor: { name: 'reader-user' } });
  expect(records[0].detail.everywhere).toBe(true);
});

test('what cannot be taken back needs the key again after a while; what can does not', async () => {
  const admin = await bff.browser('admin');
  const { instances } = (await admin.get('/api/instances')).body;
  const [instance] = instances;
  forgetProofs();

  for (const [method, path, body] of [
    ['DELETE', `/api/instances/${instance.id}`, undefined],
    ['POST', `/api/instances/${instance.id}/rebuild`, { imageId: instance.imageId ?? 'x' }],
    ['POST', `/api/hosts/${instance.id}/revocation`, undefined],
    ['POST', '/api/public-ips/release', { publicIps: [{ id: 'some-ip', networkInterfaceId: null }] }],
  ] as const) {
    const refused = await admin.send(method, path, { body });
    expect(refused.body, path).toMatchObject({ status: 403, code: 'session.proofNeeded' });
  }
  const { records } = (await admin.get('/api/audit?phase=refused&limit=4')).body;
  expect(records.map(({ action }: { action: string }) => action)).toEqual([
    'publicIp.disconnect',
    'host.revoke',
    'instance.rebuild',
    'instance.delete',
  ]);
  const names = { name: instance.name, description: 'no proof is asked for this' };
  expect((await admin.put(`/api/instances/${instance.id}`, names)).status).toBe(204);

  const before = admin.cookie;
  const { accessKeyId, secret } = account('admin');
  expect((await admin.post('/api/session/proof', { accessKeyId, secret })).status).toBe(200);
  expect(admin.cookie).not.toBe(before);
  const released = await admin.post('/api/public-ips/release', {
    publicIps: [{ id: 'some-ip', networkInterfaceId: null }],
  });
  expect(released.body.code).toBe('publicIp.notFound');
  // a member was never allowed to, whatever is proven
  const member = await bff.browser('member');
  expect((await member.delete(`/api/instances/${instance.id}`)).body.code).toBe('role.insufficient');
});

test('T4: only the key of whoever is signed in proves anything', async () => {
  const admin = await bff.browser('admin');
  forgetProofs();
  const wrong: [unknown, string][] = [
    [{ seededAccount: 'reader' }, 'credentials.otherUser'],
    [{ ...keyOf('reader') }, 'credentials.otherUser'],
    [{ accessKeyId: keyOf('admin').accessKeyId, secret: 'wrong' }, 'credentials.invalid'],
  ];
  const before = admin.cookie;
  for (const [body, code] of wrong) {
    expect((await admin.post('/api/session/proof', body)).body.code).toBe(code);
  }
  expect(admin.cookie).toBe(before);
  const release = { publicIps: [{ id: 'some-ip', networkInterfaceId: null }] };
  expect((await admin.post('/api/public-ips/release', release)).body.code).toBe('session.proofNeeded');
  const stranger = new Browser({ port: bff.port ?? 0 });
  expect((await stranger.post('/api/session/proof', keyOf('admin'))).body.code).toBe('session.required');
});

function keyOf(role: string) {
  const { accessKeyId, secret } = account(role);
  return { accessKeyId, secret };
}
