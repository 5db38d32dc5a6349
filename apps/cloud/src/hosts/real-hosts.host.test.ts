import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  createFabric,
  type Fabric,
  type NamespaceDriver,
  namespaceDriver,
  namespaceSupport,
  runInHost,
  runInNetwork,
} from '@moru/hosts';
import {
  bcsPaths,
  consoleLogsAnswerSchema,
  createdInstanceAnswerSchema,
  createdKeyPairAnswerSchema,
  networkPaths,
  vpcPaths,
} from '@moru/kakaocloud';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestCloud } from '../testing/test-cloud.ts';

// What a listening agent would do is nobody's concern here.
const agent = fileURLToPath(import.meta.resolve('@moru/hosts/testing/idle-agent'));

let folder: string;
let fabric: Fabric;
let driver: NamespaceDriver;
let cloud: TestCloud;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moru-cloud-hosts-'));
  for (const name of ['disks', 'logs', 'compiled']) mkdirSync(join(folder, name));
  const support = await namespaceSupport(folder);
  if (!support.available) throw new Error(support.reason);
  fabric = await createFabric();
  driver = namespaceDriver({
    fabric,
    dataFolder: join(folder, 'disks'),
    logFolder: join(folder, 'logs'),
    agent,
    backends: support.backends,
    compileCache: join(folder, 'compiled'),
  });
  cloud = new TestCloud({ driver });
  await cloud.start();
});

afterAll(async () => {
  await cloud?.remove();
  await driver?.close();
  await fabric?.close();
  await rm(folder, { recursive: true, force: true });
});

const at = (id: string, program: string, ...args: string[]) => runInHost(driver.pid(id) ?? 0, program, args);

const rules = (id: string) => at(id, 'iptables', '-S');

const ssh = 'INPUT -p tcp -m tcp --dport 22 -j DROP';

async function running(name: string): Promise<string> {
  const { id } = await cloud.instance(name);
  await eventuallyLong(() => driver.pid(id)).toBeGreaterThan(0);
  return id;
}

async function act(id: string, action: string, then: string, body?: unknown): Promise<void> {
  const { status } = await cloud.as(
    'admin',
    'POST',
    bcsPaths.action(id, action),
    body === undefined ? {} : { body },
  );
  expect([action, status]).toEqual([action, expect.toBeOneOf([200, 202])]);
  await settled(id, then);
}

async function settled(id: string, then: string): Promise<void> {
  await eventuallyLong(async () => {
    const { body } = await cloud.as('admin', 'GET', bcsPaths.instance(id));
    return (body as { instance: { status: string } }).instance.status;
  }).toBe(then);
}

function eventuallyLong<Value>(read: () => Value) {
  return expect.poll(read, { timeout: 45_000, interval: 50 });
}

test('stop cuts the host off, start brings it back without its rules and with its disk', async () => {
  const id = await running('web-02');
  await at(id, 'iptables', ...`-A ${ssh}`.split(' '));
  await at(id, 'sh', '-c', 'echo kept > /var/lib/kept');
  expect(await rules(id)).toContain(ssh);
  await act(id, 'stop', 'stopped');
  expect(driver.pid(id)).toBeUndefined();
  await act(id, 'start', 'active');
  expect(await rules(id)).toBe(
    '-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n-N sshguard\n-A INPUT -j sshguard\n',
  );
  expect(await at(id, 'cat', '/var/lib/kept')).toBe('kept\n');
});

test('a hard reboot loses the rules and starts a host that is off', async () => {
  const id = await running('web-01');
  await at(id, 'iptables', ...`-A ${ssh}`.split(' '));
  const before = driver.pid(id);
  await act(id, 'hard-reboot', 'active');
  expect(driver.pid(id)).not.toBe(before);
  expect(await rules(id)).not.toContain(ssh);
  const { id: off } = await cloud.instance('batch-01');
  expect(driver.pid(off)).toBeUndefined();
  await act(off, 'hard-reboot', 'active');
  expect(await rules(off)).toContain('sshguard');
});

test('a rebuild gives a fresh disk, the other image’s iptables and the new key', async () => {
  const id = await running('web-02');
  await at(id, 'sh', '-c', 'echo gone > /var/lib/gone');
  expect(await at(id, 'iptables', '-V')).toContain('(legacy)');
  const { body } = await cloud.as('admin', 'POST', bcsPaths.keyPairs, {
    body: { keypair: { name: 'next-key' } },
  });
  const { keypair } = createdKeyPairAnswerSchema.parse(body);
  expect(await at(id, 'cat', '/etc/ssh/authorized_keys/ubuntu')).not.toContain(keypair.public_key);
  const { image } = await cloud.instance('db-01');
  await act(id, 'rebuild', 'active', { rebuild: { image_id: image.id, key_name: 'next-key' } });
  expect(await at(id, 'sh', '-c', 'cat /var/lib/gone 2> /dev/null || echo fresh')).toBe('fresh\n');
  expect(await at(id, 'iptables', '-V')).toContain('(nf_tables)');
  expect(await at(id, 'cat', '/etc/ssh/authorized_keys/ubuntu')).toBe(`${keypair.public_key}\n`);
  expect(await at(id, 'cat', '/etc/ssh/authorized_keys/root')).toBe(`${keypair.public_key}\n`);
});

test('a new instance in a new network boots, is reached by its Public IP once a route leads out, and goes', async () => {
  const post = async (path: string, body?: unknown) => {
    const answer = await cloud.as('admin', 'POST', path, body === undefined ? {} : { body });
    expect([path, answer.status]).toEqual([path, expect.toBeOneOf([200, 201])]);
    return answer.body as Record<string, Record<string, never>>;
  };
  const { vpc } = await post(vpcPaths.vpcs, { vpc: { name: 'vpc-third', cidr_block: '172.16.0.0/16' } });
  const { subnet } = await post(vpcPaths.subnets, {
    subnet: {
      name: 'third',
      vpc_id: vpc?.id,
      cidr_block: '172.16.4.0/24',
      availability_zone: 'kr-central-2-a',
    },
  });
  const { image, flavor } = await cloud.instance('web-01');
  const name = 'a-name-that-is-as-long-as-a-name-can-be-and-then-some-letters-x';
  const made = await post(bcsPaths.instances, {
    instance: {
      name,
      image_id: image.id,
      flavor_id: flavor.id,
      subnets: [{ id: subnet?.id }],
      key_name: 'ops-key',
    },
  });
  const { id } = createdInstanceAnswerSchema.parse(made).instance;
  await settled(id, 'active');
  expect(await at(id, 'hostname')).toBe(`${name}\n`);
  expect(await at(id, 'ip', '-4', '-o', 'address', 'show', 'eth0')).toContain('172.16.4.4/24');
  await at(id, 'sh', '-c', 'cd /tmp && (timeout 300 python3 -m http.server 8080 > /dev/null 2>&1 &)');

  const { addresses } = await cloud.instance(name);
  const nic = addresses[0]?.network_interface_id ?? '';
  const { public_ip: ip } = await post(bcsPaths.interfacePublicIps(id, nic));
  const address = String(ip?.public_ip);
  await eventuallyLong(async () => (await cloud.publicIp(String(ip?.id))).status).toBe('in_use');
  const fromInternet = () =>
    runInNetwork(fabric.pids.internet, 'curl', [
      '-sS',
      '-m',
      '2',
      '-o',
      '/dev/null',
      `http://${address}:8080/`,
    ]).then(
      () => 'reached',
      () => 'not reached',
    );
  expect(await fromInternet()).toBe('not reached');
  const table = (vpc as { default_route_table?: { id: string } }).default_route_table?.id ?? '';
  const gateway = (vpc as { igw?: { id: string } }).igw?.id;
  await post(vpcPaths.routes(table), {
    vpc_route: { route_type: 'igw', target_id: gateway, destination: '0.0.0.0/0' },
  });
  await eventuallyLong(fromInternet).toBe('reached');

  const { body } = await cloud.as('admin', 'GET', `${bcsPaths.consoleLogs(id)}?lines=3`);
  const lines = consoleLogsAnswerSchema.parse(body)['console-logs']?.split('\n') ?? [];
  expect(lines).toHaveLength(3);
  expect(lines[0]).toContain('up');

  await cloud.as('admin', 'DELETE', bcsPaths.instance(id));
  await eventuallyLong(async () => (await cloud.as('admin', 'GET', bcsPaths.instance(id))).status).toBe(404);
  expect(driver.pid(id)).toBeUndefined();
  await eventuallyLong(fromInternet).toBe('not reached');
  expect(await cloud.publicIp(String(ip?.id))).toMatchObject({ status: 'available', public_ip: address });
  // The network is gone with its last host, and its addresses may be another's now.
  expect(await runInNetwork(fabric.pids.fabric, 'ip', ['-4', '-o', 'address'])).not.toContain('172.16.4.1');
  expect((await cloud.as('admin', 'DELETE', vpcPaths.subnet(String(subnet?.id)))).status).toBe(204);
  expect((await cloud.as('admin', 'DELETE', networkPaths.publicIp(String(ip?.id)))).status).toBe(204);
}, 120_000);

test('an interface that is attached to a running host is there', async () => {
  const id = await running('db-01');
  const { body: found } = await cloud.as('admin', 'GET', `${vpcPaths.subnets}?name=front`);
  const subnet = (found as { subnets: { id: string }[] }).subnets[0]?.id;
  const { body } = await cloud.as('admin', 'POST', vpcPaths.networkInterfaces, {
    body: {
      network_interface: {
        name: 'extra-nic',
        subnet_id: subnet,
        security_groups: [],
        private_ip: '198.168.0.88',
      },
    },
  });
  const nic = (body as { network_interface: { id: string } }).network_interface.id;
  expect((await cloud.as('admin', 'POST', bcsPaths.networkInterface(id, nic))).status).toBe(200);
  await eventuallyLong(() => at(id, 'ip', '-4', '-o', 'address')).toContain('198.168.0.88/24');
});
