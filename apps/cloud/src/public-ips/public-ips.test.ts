import {
  apiErrorSchema,
  bcsPaths,
  networkPaths,
  strictPublicIpAnswerSchema,
  strictPublicIpListAnswerSchema,
} from '@moru/kakaocloud';
import { expect, test } from 'vitest';
import { type Answer, eventually, openCloud, type TestCloud } from '../testing/test-cloud.ts';

const nowhere = '00000000-0000-4000-8000-000000000000';

function publicIpOf(answer: Answer) {
  expect(answer.status).toBeLessThan(300);
  return strictPublicIpAnswerSchema.parse(answer.body).public_ip;
}

function conflict(answer: Answer): string {
  expect(answer.status).toBe(409);
  return apiErrorSchema.parse(answer.body).error.message;
}

async function inUse(cloud: TestCloud, id: string): Promise<void> {
  await eventually(async () => (await cloud.publicIp(id)).status).toBe('in_use');
}

test('the seed: two idle, one in use, one on a stopped server', async () => {
  const cloud = await openCloud();
  const ips = await cloud.publicIps('?sort_keys=public_ip&sort_dirs=asc');
  expect(ips.map((ip) => [ip.public_ip, ip.status, ip.private_ip, ip.related_resource?.name])).toEqual([
    ['203.0.113.21', 'in_use', '10.10.0.21', 'db-01-eth0'],
    ['203.0.113.31', 'in_use', '198.168.0.31', 'batch-01-eth0'],
    ['203.0.113.40', 'available', null, undefined],
    ['203.0.113.41', 'available', null, undefined],
  ]);
  expect(ips[0]?.related_resource).toMatchObject({
    device_id: (await cloud.instance('db-01')).id,
    subnet_cidr: '10.10.0.0/24',
    vpc_name: 'vpc-back',
  });
});

test('filters and pages of the list', async () => {
  const cloud = await openCloud();
  const { nicId } = await cloud.nic('db-01');
  const addresses = async (query: string) => (await cloud.publicIps(`?${query}`)).map((ip) => ip.public_ip);
  expect(await addresses('status=AVAILABLE')).toEqual(['203.0.113.41', '203.0.113.40']);
  expect(await addresses('public_ip=203.0.113.40')).toEqual(['203.0.113.40']);
  expect(await addresses(`related_resource_id=${nicId}`)).toEqual(['203.0.113.21']);
  expect(await addresses('related_resource_name=batch')).toEqual(['203.0.113.31']);
  const { id, created_at } = await cloud.idleIp();
  expect(await addresses(`id=${id}&created_at=${created_at}&updated_at=${created_at}`)).toHaveLength(1);
  const { body } = await cloud.as('reader', 'GET', `${networkPaths.publicIps}?limit=1&offset=2`);
  expect(strictPublicIpListAnswerSchema.parse(body).pagination).toEqual({ total: 4, offset: 2, limit: 1 });
  expect((await cloud.as('reader', 'GET', `${networkPaths.publicIps}?sort_keys=x`)).status).toBe(400);
});

test('BCS: connect a new one, then disconnect and keep it', async () => {
  const cloud = await openCloud();
  const { instanceId, nicId } = await cloud.nic('web-01');
  const path = bcsPaths.interfacePublicIps(instanceId, nicId);
  const fresh = publicIpOf(await cloud.as('admin', 'POST', path));
  expect(fresh).toMatchObject({ status: 'attaching', private_ip: '198.168.0.10', description: '' });
  expect(fresh.public_ip).toMatch(/^203\.0\.113\.\d+$/);
  await inUse(cloud, fresh.id);
  expect((await cloud.instance('web-01')).addresses[0]?.public_ip).toBe(fresh.public_ip);
  expect(cloud.driver.publicIps).toContainEqual({ publicIp: fresh.public_ip, privateIp: '198.168.0.10' });

  const idle = publicIpOf(await cloud.as('admin', 'DELETE', path));
  expect(idle).toMatchObject({ id: fresh.id, status: 'available', private_ip: null });
  // Not polled: once the call has answered, the address leads nowhere.
  expect(cloud.driver.publicIps.map((mapping) => mapping.publicIp)).not.toContain(fresh.public_ip);
  expect((await cloud.publicIp(fresh.id)).status).toBe('available');
  expect((await cloud.instance('web-01')).addresses[0]?.public_ip).toBeNull();
});

test('BCS: connect an idle one, then disconnect and delete it', async () => {
  const cloud = await openCloud();
  const { instanceId, nicId } = await cloud.nic('web-02', 1);
  const { id } = await cloud.idleIp();
  const attached = publicIpOf(
    await cloud.as('admin', 'PUT', bcsPaths.interfacePublicIp(instanceId, nicId, id)),
  );
  expect(attached).toMatchObject({ id, status: 'attaching', private_ip: '10.10.0.11' });
  await inUse(cloud, id);
  const path = bcsPaths.interfacePublicIps(instanceId, nicId);
  expect((await cloud.as('admin', 'DELETE', `${path}?is_delete=perhaps`)).status).toBe(400);
  const gone = publicIpOf(await cloud.as('admin', 'DELETE', `${path}?is_delete=true`));
  expect(gone).toMatchObject({ id, status: 'available', private_ip: null });
  expect((await cloud.as('admin', 'GET', networkPaths.publicIp(id))).status).toBe(404);
  expect(await cloud.publicIps()).toHaveLength(3);
});

test('Network: create, describe, attach, detach, delete', async () => {
  const cloud = await openCloud();
  const { nicId } = await cloud.nic('web-01');
  const body = { public_ip: { description: '점검' } };
  const created = await cloud.as('admin', 'POST', networkPaths.publicIps, { body });
  expect(created.status).toBe(201);
  const { id } = publicIpOf(created);
  const put = { body: { public_ip: { description: 'later' } } };
  expect(publicIpOf(await cloud.as('admin', 'PUT', networkPaths.publicIp(id), put)).description).toBe(
    'later',
  );

  const link = networkPaths.publicIpInterface(id, nicId);
  expect(publicIpOf(await cloud.as('admin', 'PUT', link)).status).toBe('attaching');
  await inUse(cloud, id);
  expect(conflict(await cloud.as('admin', 'DELETE', networkPaths.publicIp(id)))).toMatch(/attached/);
  expect(publicIpOf(await cloud.as('admin', 'DELETE', link)).status).toBe('available');
  const deleted = await cloud.as('admin', 'DELETE', networkPaths.publicIp(id));
  expect([deleted.status, deleted.text]).toEqual([204, '']);
  expect((await cloud.as('admin', 'DELETE', networkPaths.publicIp(id))).status).toBe(404);
});

test('a busy interface and a busy address are conflicts that change nothing', async () => {
  const cloud = await openCloud();
  const db = await cloud.nic('db-01');
  const web = await cloud.nic('web-01');
  const idle = await cloud.idleIp();
  const [busy] = await cloud.publicIps('?public_ip=203.0.113.21');
  const before = await cloud.publicIps();
  const put = (nic: typeof db, id: string) =>
    cloud.as('admin', 'PUT', bcsPaths.interfacePublicIp(nic.instanceId, nic.nicId, id));
  const post = await cloud.as('admin', 'POST', bcsPaths.interfacePublicIps(db.instanceId, db.nicId));
  expect(conflict(post)).toContain('203.0.113.21');
  expect(conflict(await put(db, idle.id))).toContain('203.0.113.21');
  expect(conflict(await put(web, busy?.id ?? ''))).toMatch(/another/);
  const free = bcsPaths.interfacePublicIps(web.instanceId, web.nicId);
  expect(conflict(await cloud.as('admin', 'DELETE', free))).toMatch(/no Public IP/);
  const elsewhere = networkPaths.publicIpInterface(busy?.id ?? '', web.nicId);
  expect(conflict(await cloud.as('admin', 'DELETE', elsewhere))).toMatch(/not attached/);
  expect(await cloud.publicIps()).toEqual(before);
});

test('unknown instance, interface or address is a 404, and a foreign interface too', async () => {
  const cloud = await openCloud();
  const web = await cloud.nic('web-01');
  const db = await cloud.nic('db-01');
  const idle = await cloud.idleIp();
  const calls: [method: string, path: string][] = [
    ['POST', bcsPaths.interfacePublicIps(nowhere, web.nicId)],
    ['POST', bcsPaths.interfacePublicIps(web.instanceId, nowhere)],
    ['POST', bcsPaths.interfacePublicIps(web.instanceId, db.nicId)],
    ['PUT', bcsPaths.interfacePublicIp(web.instanceId, db.nicId, idle.id)],
    ['PUT', bcsPaths.interfacePublicIp(web.instanceId, web.nicId, nowhere)],
    ['DELETE', bcsPaths.interfacePublicIps(web.instanceId, db.nicId)],
    ['PUT', networkPaths.publicIpInterface(nowhere, web.nicId)],
    ['PUT', networkPaths.publicIpInterface(idle.id, nowhere)],
    ['DELETE', networkPaths.publicIpInterface(nowhere, web.nicId)],
    ['DELETE', networkPaths.publicIpInterface(idle.id, nowhere)],
    ['GET', networkPaths.publicIp(nowhere)],
    ['DELETE', networkPaths.publicIp(nowhere)],
  ];
  for (const [method, path] of calls) {
    const answer = await cloud.as('admin', method, path);
    expect([method, path, answer.status]).toEqual([method, path, 404]);
    expect(apiErrorSchema.parse(answer.body).error.code).toBe('NotFound');
  }
});

test('bodies of another form are refused', async () => {
  const cloud = await openCloud();
  const idle = await cloud.idleIp();
  const bad = ['{', '{}', '{"public_ip":{"description":7}}', '{"public_ip":{"description":"a\\nb"}}', '[]'];
  for (const body of bad) {
    for (const [method, path] of [
      ['POST', networkPaths.publicIps],
      ['PUT', networkPaths.publicIp(idle.id)],
    ] as const) {
      const answer = await cloud.as('admin', method, path, { body });
      expect([body, answer.status]).toEqual([body, 400]);
      expect(apiErrorSchema.safeParse(answer.body).success).toBe(true);
    }
  }
  expect(await cloud.publicIps()).toHaveLength(4);
});

test('an empty pool is a conflict, and a deleted address can be had again', async () => {
  const cloud = await openCloud();
  const create = () => cloud.as('admin', 'POST', networkPaths.publicIps, { body: { public_ip: {} } });
  const addresses = new Set<string>();
  for (let made = 0; made < 241; made += 1) addresses.add(publicIpOf(await create()).public_ip);
  expect(addresses.size).toBe(241);
  expect(conflict(await create())).toMatch(/pool/);
  const { instanceId, nicId } = await cloud.nic('web-01');
  conflict(await cloud.as('admin', 'POST', bcsPaths.interfacePublicIps(instanceId, nicId)));
  const idle = await cloud.idleIp();
  await cloud.as('admin', 'DELETE', networkPaths.publicIp(idle.id));
  expect(publicIpOf(await create()).public_ip).toBe(idle.public_ip);
}, 30_000);
