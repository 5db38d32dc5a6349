import {
  actionLogsAnswerSchema,
  bcsPaths,
  createdInstanceAnswerSchema,
  networkInterfaceAnswerSchema,
  networkPaths,
  vpcPaths,
} from '@moru/kakaocloud';
import { expect, test } from 'vitest';
import { eventually, everyStage, openCloud, type TestCloud } from '../testing/test-cloud.ts';

const hour = everyStage(3_600_000);

async function state(cloud: TestCloud, name: string): Promise<string> {
  return (await cloud.instance(name)).status;
}

async function actionsOf(cloud: TestCloud, id: string) {
  const { body } = await cloud.as('admin', 'GET', bcsPaths.actionLogs(id));
  return actionLogsAnswerSchema.parse(body).actions;
}

async function post(cloud: TestCloud, path: string, body?: unknown): Promise<void> {
  const answer = await cloud.as('admin', 'POST', path, body === undefined ? {} : { body });
  expect([path, answer.status]).toEqual([path, expect.toBeOneOf([200, 201, 202])]);
}

async function subnetOf(cloud: TestCloud, name: string): Promise<string> {
  const { body } = await cloud.as('admin', 'GET', `/api/v1/subnets?name=${name}`);
  return (body as { subnets: { id: string }[] }).subnets[0]?.id ?? '';
}

async function tryToCreate(cloud: TestCloud, change: Record<string, unknown>) {
  const { image, flavor } = await cloud.instance('web-01');
  return await cloud.as('admin', 'POST', bcsPaths.instances, {
    body: {
      instance: {
        name: 'fresh-01',
        image_id: image.id,
        flavor_id: flavor.id,
        subnets: [{ id: await subnetOf(cloud, 'front') }],
        key_name: 'ops-key',
        ...change,
      },
    },
  });
}

async function create(cloud: TestCloud, change: Record<string, unknown> = {}): Promise<string> {
  return createdInstanceAnswerSchema.parse((await tryToCreate(cloud, change)).body).instance.id;
}

/** The id of an interface that no instance has. */
async function createNic(
  cloud: TestCloud,
  subnet: string,
  change: Record<string, unknown> = {},
): Promise<string> {
  const { body } = await cloud.as('admin', 'POST', vpcPaths.networkInterfaces, {
    body: { network_interface: { name: 'own-nic', subnet_id: subnet, security_groups: [], ...change } },
  });
  return networkInterfaceAnswerSchema.parse(body).network_interface.id;
}

test('a new instance’s host starts with its address and its key, and is written down', async () => {
  const cloud = await openCloud();
  const id = await create(cloud);
  await eventually(() => state(cloud, 'fresh-01')).toBe('active');
  const spec = cloud.driver.started.find((host) => host.id === id);
  expect(spec).toMatchObject({
    hostname: 'fresh-01',
    backend: 'legacy',
    adminUser: 'ubuntu',
    webServer: false,
    nics: [{ device: 'eth0', address: '198.168.0.4', gateway: '198.168.0.1', prefix: 24, network: 'front' }],
  });
  const { body } = await cloud.as('admin', 'GET', bcsPaths.keyPair('ops-key'));
  expect(spec?.authorizedKeys).toEqual([(body as { keypair: { public_key: string } }).keypair.public_key]);
  const [entry] = await actionsOf(cloud, id);
  expect(entry).toMatchObject({ action: 'create', user_id: 'user-of-admin', message: null });
  expect(Date.parse(entry?.updated_at ?? '')).toBeGreaterThanOrEqual(Date.parse(entry?.start_time ?? ''));
});

test('what is done to an instance happens to its host, in order', async () => {
  const cloud = await openCloud();
  const { id, image } = await cloud.instance('web-01');
  await eventually(() => cloud.driver.steps).toContain(`start ${id}`);
  cloud.driver.steps.length = 0;
  const ways: [path: string, body: unknown, then: string][] = [
    [bcsPaths.action(id, 'stop'), undefined, 'stopped'],
    [bcsPaths.action(id, 'start'), undefined, 'active'],
    [bcsPaths.action(id, 'hard-reboot'), undefined, 'active'],
    [bcsPaths.rebuild(id), { rebuild: { image_id: image.id } }, 'active'],
  ];
  for (const [path, body, then] of ways) {
    await post(cloud, path, body);
    await eventually(async () => (await cloud.instance('web-01')).task_state).toBe(null);
    expect(await state(cloud, 'web-01')).toBe(then);
  }
  expect(cloud.driver.steps).toEqual(['stop', 'start', 'reboot', 'rebuild'].map((step) => `${step} ${id}`));
  const log = await actionsOf(cloud, id);
  expect(log.map(({ action }) => action)).toEqual(['rebuild', 'hard-reboot', 'start', 'stop']);
  expect(new Set(log.map(({ request_id }) => request_id)).size).toBe(4);
});

test('a hard reboot goes through both of its states', async () => {
  const cloud = await openCloud({ durations: { ...everyStage(0), rebooting_hard: 150 } });
  let open: (() => void) | undefined;
  cloud.driver.hostGate = new Promise((resolve) => {
    open = resolve;
  });
  const { id } = await cloud.instance('batch-01');
  await post(cloud, bcsPaths.action(id, 'hard-reboot'));
  expect(await state(cloud, 'batch-01')).toBe('rebooting_hard');
  await eventually(() => state(cloud, 'batch-01')).toBe('rebooting_started_hard');
  open?.();
  await eventually(() => state(cloud, 'batch-01')).toBe('active');
});

test('a rebuild takes another image and another key pair', async () => {
  const cloud = await openCloud();
  const { id } = await cloud.instance('web-01');
  const { image } = await cloud.instance('db-01');
  await post(cloud, bcsPaths.keyPairs, { keypair: { name: 'fresh-key' } });
  await post(cloud, bcsPaths.rebuild(id), { rebuild: { image_id: image.id, key_name: 'fresh-key' } });
  await eventually(() => cloud.driver.specs).toHaveLength(1);
  const { body } = await cloud.as('admin', 'GET', bcsPaths.keyPair('fresh-key'));
  const { public_key } = (body as { keypair: { public_key: string } }).keypair;
  expect(cloud.driver.specs[0]).toMatchObject({ id, backend: 'nft', authorizedKeys: [public_key] });
  expect(await cloud.instance('web-01')).toMatchObject({ image: { id: image.id }, key_name: 'fresh-key' });
});

test('a deleted key pair stays on hosts that have it', async () => {
  const cloud = await openCloud();
  await cloud.as('admin', 'DELETE', bcsPaths.keyPair('ops-key'));
  const { id, image } = await cloud.instance('web-01');
  await post(cloud, bcsPaths.rebuild(id), { rebuild: { image_id: image.id } });
  await eventually(() => cloud.driver.specs).toHaveLength(1);
  expect(cloud.driver.specs[0]?.authorizedKeys).toHaveLength(1);
});

test('a deleted instance is gone with its host; its Public IP stays, idle and billed', async () => {
  const cloud = await openCloud();
  const { id, addresses } = await cloud.instance('db-01');
  const [held] = await cloud.publicIps('?public_ip=203.0.113.21');
  expect(held?.status).toBe('in_use');
  await eventually(() => cloud.driver.publicIps).toContainEqual({
    publicIp: '203.0.113.21',
    privateIp: '10.10.0.21',
  });
  expect((await cloud.as('admin', 'DELETE', bcsPaths.instance(id))).status).toBe(204);
  await eventually(async () => (await cloud.as('admin', 'GET', bcsPaths.instance(id))).status).toBe(404);
  expect(cloud.driver.steps).toContain(`remove ${id}`);
  expect(await cloud.publicIp(held?.id ?? '')).toMatchObject({
    status: 'available',
    public_ip: '203.0.113.21',
    related_resource: null,
  });
  await eventually(() => cloud.driver.publicIps.map(({ publicIp }) => publicIp)).not.toContain(
    '203.0.113.21',
  );
  const nic = addresses[0]?.network_interface_id ?? '';
  expect((await cloud.as('admin', 'GET', `/api/v1/network-interfaces/${nic}`)).status).toBe(404);
  expect((await cloud.as('admin', 'GET', bcsPaths.actionLogs(id))).status).toBe(404);
});

test('an interface that was made on its own outlives the instance', async () => {
  const cloud = await openCloud();
  const subnet = await subnetOf(cloud, 'front');
  const nic = await createNic(cloud, subnet);
  const id = await create(cloud, { subnets: [{ id: subnet, network_interface_id: nic }] });
  await eventually(() => state(cloud, 'fresh-01')).toBe('active');
  await cloud.as('admin', 'DELETE', bcsPaths.instance(id));
  await eventually(async () => (await cloud.as('admin', 'GET', bcsPaths.instance(id))).status).toBe(404);
  const { body: after } = await cloud.as('admin', 'GET', `/api/v1/network-interfaces/${nic}`);
  expect(after).toMatchObject({ network_interface: { status: 'available', device_id: null } });
});

test('an interface is plugged into a running host, and into a stopped one when it starts', async () => {
  const cloud = await openCloud();
  const subnet = await subnetOf(cloud, 'back');
  const attach = async (name: string, address: string) => {
    const nic = await createNic(cloud, subnet, { private_ip: address });
    const { id } = await cloud.instance(name);
    await post(cloud, bcsPaths.networkInterface(id, nic));
    return id;
  };
  await attach('web-01', '10.10.0.90');
  await eventually(() => cloud.driver.specs).toHaveLength(1);
  expect(cloud.driver.specs[0]?.nics[1]).toMatchObject({
    device: 'eth1',
    address: '10.10.0.90',
    network: 'back',
  });
  const stopped = await attach('batch-01', '10.10.0.91');
  await post(cloud, bcsPaths.action(stopped, 'start'));
  await eventually(() => state(cloud, 'batch-01')).toBe('active');
  const spec = cloud.driver.started.find(({ id }) => id === stopped);
  expect(spec?.nics.map(({ device, address }) => [device, address])).toEqual([
    ['eth0', '198.168.0.31'],
    ['eth1', '10.10.0.91'],
  ]);
  expect(cloud.driver.specs).toHaveLength(1);
});

test('a task goes on where the last run of the cloud ended', async () => {
  const cloud = await openCloud();
  const { id: stopping } = await cloud.instance('web-01');
  const { id: deleting } = await cloud.instance('web-02');
  // No host does anything in the first run.
  cloud.driver.hostGate = new Promise(() => {});
  await post(cloud, bcsPaths.action(stopping, 'stop'));
  await cloud.as('admin', 'DELETE', bcsPaths.instance(deleting));
  await create(cloud);
  expect(await state(cloud, 'fresh-01')).toBe('spawning');
  await cloud.stop();
  cloud.driver.hostGate = Promise.resolve();
  await cloud.start();
  await eventually(() => state(cloud, 'web-01')).toBe('stopped');
  await eventually(() => state(cloud, 'fresh-01')).toBe('active');
  await eventually(async () => (await cloud.as('admin', 'GET', bcsPaths.instance(deleting))).status).toBe(
    404,
  );
});

test('a host that does not do its part leaves the instance in error, from where it can be rebuilt', async () => {
  const cloud = await openCloud();
  const { id, image } = await cloud.instance('batch-01');
  await eventually(() => cloud.driver.started).toHaveLength(3);
  cloud.driver.failures = 5;
  await post(cloud, bcsPaths.action(id, 'start'));
  await eventually(() => state(cloud, 'batch-01')).toBe('error');
  expect(await cloud.instance('batch-01')).toMatchObject({
    vm_state: 'error',
    task_state: null,
    power_state: 'NOSTATE',
  });
  const [entry] = await actionsOf(cloud, id);
  expect(entry).toMatchObject({ action: 'start', message: 'Error: told to fail' });
  for (const action of ['start', 'stop', 'hard-reboot']) {
    expect((await cloud.as('admin', 'POST', bcsPaths.action(id, action))).status).toBe(409);
  }
  await post(cloud, bcsPaths.rebuild(id), { rebuild: { image_id: image.id } });
  await eventually(() => state(cloud, 'batch-01')).toBe('active');
}, 20_000);

test('two who act at once: one wins', async () => {
  const cloud = await openCloud({ durations: hour });
  const { id } = await cloud.instance('web-01');
  const answers = await Promise.all([
    cloud.as('admin', 'POST', bcsPaths.action(id, 'stop')),
    cloud.as('member', 'POST', bcsPaths.action(id, 'hard-reboot')),
    cloud.as('admin', 'DELETE', bcsPaths.instance(id)),
  ]);
  expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(2);
});

test('servers are counted: what there is, and what a project may have', async () => {
  const cloud = await openCloud({ servers: 5 });
  const flavor = async () => {
    const { body } = await cloud.as('admin', 'GET', '/api/v1/flavors?name=r2a');
    return (body as { flavors: { available: Record<string, number> }[] }).flavors[0]?.available[
      'kr-central-2-a'
    ];
  };
  expect(await flavor()).toBe(1);
  await create(cloud);
  expect(await flavor()).toBe(0);
  const answer = await tryToCreate(cloud, { name: 'one-too-many' });
  expect(answer.status).toBe(409);
  expect(answer.body).toMatchObject({ error: { message: 'There are 0 servers left' } });
});

test('no Public IP is attached to an instance that is being deleted', async () => {
  const cloud = await openCloud({ durations: hour });
  const { instanceId, nicId } = await cloud.nic('web-01');
  await cloud.as('admin', 'DELETE', bcsPaths.instance(instanceId));
  expect((await cloud.as('admin', 'POST', bcsPaths.interfacePublicIps(instanceId, nicId))).status).toBe(409);
  const idle = await cloud.idleIp();
  const path = networkPaths.publicIpInterface(idle.id, nicId);
  expect((await cloud.as('admin', 'PUT', path)).status).toBe(409);
});
