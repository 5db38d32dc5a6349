import { type Instance, instanceListSchema } from '@moru/types';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { strangerAccount, testAccounts } from '../testing/accounts.ts';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import type { Browser } from '../testing/browser.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import type { Route } from './route.ts';

let cloud: EmbeddedCloud;
let bff: TestBff;
let owner: Browser;
let stranger: Browser;
let instance: Instance;
/** parameters of routes, each naming something that the owner's project has */
let owned: Record<string, string>;

const soon = { timeout: 15_000, interval: 50 };
const revision = 'a'.repeat(64);
const family = 'ipv4';
const rule = '-p tcp -j ACCEPT';
const change = {
  key: '0123456789abcdef0123456789abcdef',
  note: '',
  waitSeconds: 90,
  ipv4: { revision, rules: '*filter\nCOMMIT\n' },
};

beforeAll(async () => {
  cloud = await startEmbeddedCloud({}, [...testAccounts(), strangerAccount()]);
  bff = await startTestBff(cloud, {
    MORU_ENROLMENT_LISTEN: '127.0.0.1:0',
    MORU_ENROLMENT_URL: 'https://127.0.0.1:7444',
  });
  [owner, stranger] = [await bff.browser('admin'), await bff.browser('stranger')];
  const list = instanceListSchema.parse((await owner.get('/api/instances')).body);
  const found = list.instances.find(({ name }) => name === 'db-01');
  if (!found) throw new Error('no db-01');
  instance = found;
  const networkInterface = instance.networkInterfaces.find(({ publicIp }) => publicIp);
  const token = await owner.post(`/api/hosts/${instance.id}/tokens`, {});
  const keep = { publicIpId: networkInterface?.publicIp?.id, deletePublicIp: false };
  const path = `/api/instances/${instance.id}/network-interfaces/${networkInterface?.id}/public-ip`;
  const done = await owner.delete(path, keep);
  const back = { mode: 'existing', publicIpId: networkInterface?.publicIp?.id };
  expect((await owner.post(path, back)).status).toBe(200);
  // what the owner has set going must have come to rest before a stranger is blamed for a change
  await vi.waitFor(async () => {
    const { operations } = (await owner.get('/api/operations')).body;
    expect(operations.map(({ state }: { state: string }) => state)).toEqual(['succeeded', 'succeeded']);
  }, soon);
  owned = {
    instanceId: instance.id,
    networkInterfaceId: networkInterface?.id ?? '',
    publicIpId: networkInterface?.publicIp?.id ?? '',
    operationId: done.body.operation.id,
    tokenId: token.body.id,
    name: (await owner.get('/api/key-pairs')).body.keyPairs[0].name,
    sessionId: (await owner.get('/api/sessions')).body.sessions[0].id,
    trialId: '0123456789abcdef',
    rolloutId: done.body.operation.id,
    number: '1',
    kind: 'save',
  };
});
afterAll(async () => {
  await bff.close();
  await cloud.stop();
});

/** What each route understands, so that nothing but the project is in the way. */
const bodies = (): Record<string, unknown> => ({
  'post /api/instances/:instanceId/rebuild': { imageId: 'some-image' },
  'put /api/instances/:instanceId': { description: 'mine now' },
  'post /api/instances/:instanceId/network-interfaces/:networkInterfaceId/public-ip': { mode: 'new' },
  'delete /api/instances/:instanceId/network-interfaces/:networkInterfaceId/public-ip': {
    publicIpId: owned.publicIpId,
    deletePublicIp: true,
  },
  'put /api/public-ips/:publicIpId': { description: 'mine now', was: '' },
  'post /api/instances/:instanceId/firewall/changes': {
    ...{ type: 'append', family, revision, table: 'filter', chain: 'INPUT', rule },
  },
  'post /api/instances/:instanceId/firewall/save': { family, revision },
  'put /api/instances/:instanceId/draft': {
    ...{ version: 0, revision, steps: [], next: 1, off: [], base: null },
  },
  'post /api/instances/:instanceId/check': { ipv4: change.ipv4 },
  'post /api/instances/:instanceId/trials': change,
  'post /api/instances/:instanceId/trials/:trialId/confirm-for-other': { why: 'they are away' },
  'post /api/instances/:instanceId/trials/:trialId/extend': { waitSeconds: 60 },
  'post /api/instances/:instanceId/routing/check': {
    edits: [{ type: 'keepDefault', family, gateway: '10.10.0.1', device: 'eth0' }],
  },
  'post /api/instances/:instanceId/firewall/zero': { family, table: 'filter', chain: null, rule: null },
  'post /api/instances/:instanceId/firewall/foreign-chains': { chain: 'mine', program: null },
  'post /api/instances/:instanceId/sshguard/unblock': { family, rule: '-s 192.0.2.1 -j DROP' },
  'post /api/hosts/:instanceId/approval': { fingerprint: revision },
  'post /api/hosts/:instanceId/refusal': { fingerprint: revision },
});

const nameOf = ({ method, path }: Route) => `${method} ${path}`;
const queries: Record<string, string> = {
  'get /api/instances/:instanceId/firewall': '?family=ipv4',
  'get /api/instances/:instanceId/firewall/output/:kind': '?family=ipv4',
};

function call(route: Route, browser: Browser) {
  const path = route.path.replaceAll(/:(\w+)/g, (_whole, name: string) => owned[name] ?? '');
  const body = bodies()[nameOf(route)];
  return browser.send(route.method.toUpperCase(), path + (queries[nameOf(route)] ?? ''), {
    ...(route.method !== 'get' && { body: body ?? {} }),
  });
}

describe('T7: admin × route × foreign project', () => {
  test('lists of another project hold nothing of it', async () => {
    const names = [instance.name, ...Object.values(owned).filter((id) => id.length > 8)];
    const open = ({ method, path, sends }: Route) =>
      method === 'get' && !path.includes(':') && sends !== 'text/event-stream';
    for (const route of bff.routes.filter(open)) {
      const { status, text } = await stranger.get(route.path);
      expect(status, nameOf(route)).toBe(200);
      for (const name of names) expect(text.includes(name), `${nameOf(route)} shows ${name}`).toBe(false);
    }
  });

  test('whatever names something of another project finds nothing, and nothing happens', async () => {
    const before = await worldOf(owner);
    const answers: Record<string, string> = {};
    for (const route of bff.routes.filter(({ path }) => path.includes(':'))) {
      const { status, body } = await call(route, stranger);
      // by our own store alone: where no host of this project is known, none is enrolled
      if (status !== 404 && body?.code !== 'agent.notEnrolled')
        answers[nameOf(route)] = `${status} ${JSON.stringify(body)}`;
    }
    // a key pair is named by its owner: that the stranger has none of this name is as good as deleting it
    expect(answers).toEqual({ 'delete /api/key-pairs/:name': '204 undefined' });
    const release = { publicIps: [{ id: owned.publicIpId, networkInterfaceId: owned.networkInterfaceId }] };
    expect((await stranger.post('/api/public-ips/release', release)).status).toBe(404);
    expect(await worldOf(owner)).toEqual(before);
  }, 60_000);
});

/** What a stranger must not have changed. */
async function worldOf(browser: Browser) {
  const read = async (path: string) => (await browser.get(path)).body;
  const { instances } = await read('/api/instances');
  const { publicIps } = await read('/api/public-ips');
  const { hosts } = await read('/api/hosts');
  const { keyPairs } = await read('/api/key-pairs');
  const { operations } = await read('/api/operations');
  const { sessions } = await read('/api/sessions');
  const still = ({ firewall: _read, ...rest }: Instance) => rest;
  return {
    instances: instances.map(still),
    ...{ publicIps, hosts, keyPairs, operations },
    sessions: sessions.map(({ id }: { id: string }) => id),
  };
}
