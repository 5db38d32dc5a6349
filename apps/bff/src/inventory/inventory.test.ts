import { apiPaths, type InstanceList } from '@moru/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { strangerAccount, testAccounts } from '../testing/accounts.ts';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import type { Browser } from '../testing/browser.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import { instanceNamed, interfacePath } from '../testing/instances.ts';
import { until } from '../testing/until.ts';

// more than one answer of the cloud holds, so that the list comes from the inventory
const fleet = 1_100;

let cloud: EmbeddedCloud;
let bff: TestBff;
let admin: Browser;

beforeAll(async () => {
  cloud = await startEmbeddedCloud({ MORU_CLOUD_FLEET: String(fleet), MORU_CLOUD_SERVERS: '2000' }, [
    ...testAccounts(),
    strangerAccount(),
  ]);
  bff = await startTestBff(cloud);
  admin = await bff.browser('admin');
}, 120_000);
afterAll(async () => {
  await bff.close();
  await cloud.stop();
});

async function list(browser: Browser, query = ''): Promise<InstanceList> {
  const { status, body, text } = await browser.get(`${apiPaths.instances}${query}`);
  if (status !== 200) throw new Error(text);
  return body;
}

const names = ({ instances }: InstanceList) => instances.map(({ name }) => name);

test('filter, order and window are those of the whole project', async () => {
  const all = await list(admin, '?sort=name&limit=3');
  expect(all.page).toMatchObject({ offset: 0, limit: 3 });
  expect(all.page.total).toBeGreaterThan(fleet);
  expect(names(await list(admin, '?q=BMS-0107&sort=name&direction=desc&limit=2&offset=1'))).toEqual([
    'bms-01078',
    'bms-01077',
  ]);
  expect((await list(admin, '?q=bms-0107')).page.total).toBe(10);
  expect((await list(admin, '?q=nothing-like-it')).instances).toEqual([]);
});

test('what is changed through this console is in the next answer, in its place', async () => {
  const { id, name } = await instanceNamed(admin, 'bms-00500');
  await list(admin);
  expect((await admin.put(apiPaths.instance(id), { name: 'zz-last' })).status).toBe(204);
  expect((await list(admin, `?q=${name}`)).instances).toEqual([]);
  expect(names(await list(admin, '?sort=name&direction=desc&limit=1'))).toEqual(['zz-last']);
  expect((await admin.put(apiPaths.instance(id), { name })).status).toBe(204);
  expect((await list(admin, `?q=${name}`)).instances).toMatchObject([{ id, name }]);
});

test('an address that comes and goes is on its instance at once', async () => {
  const instance = await instanceNamed(admin, 'bms-00700');
  const made = await admin.post(interfacePath(instance), { mode: 'new' });
  expect(made.status, made.text).toBe(200);
  const { address, id } = made.body.publicIp;
  expect(names(await list(admin, `?q=${address}`))).toEqual(['bms-00700']);
  await until(10_000, async () => {
    const gone = await admin.delete(interfacePath(instance), { publicIpId: id, deletePublicIp: true });
    if (gone.status !== 200) throw new Error(gone.text);
  });
  expect((await list(admin, `?q=${address}`)).instances).toEqual([]);
});

test('each role of a project is shown the shared rows, another project none of them', async () => {
  const { page } = await list(admin);
  for (const role of ['member', 'reader']) {
    expect((await list(await bff.browser(role))).page).toEqual(page);
  }
  expect((await list(await bff.browser('stranger'))).page.total).toBe(0);
});

test('a token that the cloud has revoked is shown nothing that others have read', async () => {
  const reader = await bff.browser('reader');
  await list(reader);
  await list(admin);
  // the cloud's own word, while the console knows of nothing
  await cloud.setFaults([
    { method: 'GET', path: '/api/v1/instances', kind: 'status', status: 401, times: 1 },
  ]);
  const refused = await reader.get(apiPaths.instances);
  expect(refused.status).toBe(401);
  expect(refused.body.instances).toBeUndefined();
  await cloud.setFaults([]);
  // and the session is over
  expect((await reader.get(apiPaths.instances)).status).toBe(401);
  expect((await list(admin)).page.total).toBeGreaterThan(fleet);
});

test.each(['/api/v1/instances', '/api/v1/public-ips', '/api/v1/network-interfaces', '/api/v1/subnets'])(
  'who may not list %s is refused, whatever is kept',
  async (path) => {
    await list(admin);
    await cloud.setFaults([{ method: 'GET', path, kind: 'status', status: 403 }]);
    const refused = await admin.get(apiPaths.instances);
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(refused.body.instances).toBeUndefined();
    await cloud.setFaults([]);
  },
);

test('goes on when the session by which it was read has ended', async () => {
  const other = await startTestBff(cloud);
  try {
    const [first, second] = [await other.browser('admin'), await other.browser('reader')];
    await list(first);
    expect((await first.delete(apiPaths.session)).status).toBe(204);
    expect((await list(second)).page.total).toBeGreaterThan(fleet);
    const { id } = await instanceNamed(admin, 'bms-00900');
    // changed past this console
    expect((await admin.put(apiPaths.instance(id), { name: 'renamed-900' })).status).toBe(204);
    await until(10_000, async () => {
      expect(names(await list(second, '?q=renamed-900'))).toEqual(['renamed-900']);
    });
  } finally {
    await other.close();
  }
});
