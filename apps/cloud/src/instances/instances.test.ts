import {
  apiErrorSchema,
  bcsPaths,
  instanceListAnswerSchema,
  strictInstanceAnswerSchema,
  strictInstanceListAnswerSchema,
  strictNetworkInterfaceListAnswerSchema,
} from '@moru/kakaocloud';
import { expect, test } from 'vitest';
import { openCloud, type TestCloud } from '../testing/test-cloud.ts';

async function names(cloud: TestCloud, query: string): Promise<(string | null)[]> {
  const { status, body } = await cloud.as('reader', 'GET', `${bcsPaths.instances}?${query}`);
  expect(status).toBe(200);
  return instanceListAnswerSchema.parse(body).instances.map((instance) => instance.name);
}

test('the seed: four bare metal instances, newest first', async () => {
  const cloud = await openCloud();
  const { body, headers } = await cloud.as('admin', 'GET', bcsPaths.instances);
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  const { instances, pagination } = strictInstanceListAnswerSchema.parse(body);
  expect(pagination).toEqual({ total: 4, offset: 0, limit: 20 });
  expect(
    instances.map((i) => [i.name, i.status, i.power_state, i.addresses.map((a) => a.private_ip)]),
  ).toEqual([
    ['web-02', 'active', 'RUNNING', ['198.168.0.11', '10.10.0.11']],
    ['web-01', 'active', 'RUNNING', ['198.168.0.10']],
    ['db-01', 'active', 'RUNNING', ['10.10.0.21']],
    ['batch-01', 'stopped', 'SHUTDOWN', ['198.168.0.31']],
  ]);
  for (const instance of instances) {
    expect(instance).toMatchObject({ instance_type: 'bm', availability_zone: 'kr-central-2-a' });
    expect(instance.flavor.name).toMatch(/\.baremetal$/);
    expect(Date.parse(instance.created_at)).toBeLessThan(Date.now());
  }
});

test('detail equals the row of the list', async () => {
  const cloud = await openCloud();
  const row = await cloud.instance('web-02');
  const { body } = await cloud.as('reader', 'GET', bcsPaths.instance(row.id));
  expect(strictInstanceAnswerSchema.parse(body).instance).toEqual(row);
});

test('an unknown id is a 404 with code and message', async () => {
  const cloud = await openCloud();
  for (const id of ['00000000-0000-4000-8000-000000000000', '../x', "' OR 1=1 --", '%']) {
    for (const path of [bcsPaths.instance(id), bcsPaths.networkInterfaces(id)]) {
      const answer = await cloud.as('admin', 'GET', path);
      expect(answer.status).toBe(404);
      expect(apiErrorSchema.parse(answer.body).error.code).toBe('NotFound');
    }
  }
});

test('each filter narrows the list', async () => {
  const cloud = await openCloud();
  const web = await cloud.instance('web-01');
  const cases: [query: string, expected: string[]][] = [
    [`id=${web.id}`, ['web-01']],
    ['name=WEB', ['web-02', 'web-01']],
    ['name=%25', []],
    ['status=ACTIVE', ['web-02', 'web-01', 'db-01']],
    ['vm_state=stopped', ['batch-01']],
    ['flavor_name=p2a.baremetal', ['batch-01']],
    ['image_name=Ubuntu+22.04', ['db-01']],
    ['private_ip=10.10.0.11', ['web-02']],
    ['public_ip=203.0.113.21', ['db-01']],
    ['availability_zone=kr-central-2-b', []],
    ['instance_type=vm', []],
    ['instance_type=bm&name=db', ['db-01']],
    ['user_id=user-of-admin&hostname=db-01', ['db-01']],
    ['os_type=linux&is_hadoop=false&is_k8se=false&name=db', ['db-01']],
    ['is_hadoop=true', []],
    [`created_at=${web.created_at}`, ['web-01']],
    ['updated_at=2020-01-01T00:00:00Z', []],
    ['made_up=1&name=db', ['db-01']],
  ];
  for (const [query, expected] of cases)
    expect([query, await names(cloud, query)]).toEqual([query, expected]);
});

test('order and pages', async () => {
  const cloud = await openCloud();
  expect(await names(cloud, 'sort_keys=name&sort_dirs=asc')).toEqual([
    'batch-01',
    'db-01',
    'web-01',
    'web-02',
  ]);
  expect(await names(cloud, 'sort_keys=status,name&sort_dirs=asc,desc')).toEqual([
    'web-02',
    'web-01',
    'db-01',
    'batch-01',
  ]);
  expect(await names(cloud, 'sort_dirs=asc&limit=2&offset=1')).toEqual(['db-01', 'web-01']);
  expect(await names(cloud, 'offset=4')).toEqual([]);
  const { body } = await cloud.as('admin', 'GET', `${bcsPaths.instances}?limit=5000&offset=3`);
  expect(instanceListAnswerSchema.parse(body).pagination).toEqual({ total: 4, offset: 3, limit: 1000 });
});

test('a query that is not understood is a 400', async () => {
  const cloud = await openCloud();
  for (const query of [
    'limit=0',
    'limit=-1',
    'limit=all',
    'offset=1.5',
    'sort_keys=secret',
    'sort_keys=constructor',
    'sort_dirs=up',
    'sort_dirs=asc;drop',
    'name=a&name=b',
  ]) {
    const answer = await cloud.as('admin', 'GET', `${bcsPaths.instances}?${query}`);
    expect([query, answer.status]).toEqual([query, 400]);
    expect(apiErrorSchema.parse(answer.body).error.code).toBe('BadRequest');
  }
});

test('the network interfaces of an instance, the primary one first', async () => {
  const cloud = await openCloud();
  const { id, addresses } = await cloud.instance('web-02');
  const { body } = await cloud.as('reader', 'GET', bcsPaths.networkInterfaces(id));
  const list = strictNetworkInterfaceListAnswerSchema.parse(body);
  expect(list.pagination.total).toBe(2);
  expect(list.network_interfaces.map((nic) => nic.id)).toEqual(addresses.map((a) => a.network_interface_id));
  expect(list.network_interfaces[1]).toMatchObject({
    name: 'web-02-eth1',
    status: 'in_use',
    private_ip: '10.10.0.11',
    public_ip: null,
    device_id: id,
    device_owner: 'compute:kr-central-2-a',
    project_name: 'demo',
  });
});
