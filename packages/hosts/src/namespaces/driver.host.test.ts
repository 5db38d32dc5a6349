import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HostSpec } from '../driver.ts';
import { type NamespaceDriver, namespaceDriver } from './driver.ts';
import { createFabric, type Fabric, workingBackends } from './fabric.ts';
import { firstLine, runInHost, runInNetwork } from './run.ts';

const file = (name: string) => fileURLToPath(new URL(`../testing/${name}`, import.meta.url));
const publicIp = '203.0.113.10';

const web: HostSpec = {
  id: randomUUID(),
  hostname: 'web-01',
  backend: 'legacy',
  webServer: true,
  adminUser: 'ubuntu',
  authorizedKeys: [],
  nics: [nic('eth0', '198.168.0.10', 'front', 1)],
};
const twoInterfaces: HostSpec = {
  id: randomUUID(),
  hostname: 'web-02',
  backend: 'nft',
  webServer: true,
  adminUser: 'ubuntu',
  authorizedKeys: [],
  nics: [nic('eth0', '198.168.0.11', 'front', 2), nic('eth1', '10.10.0.11', 'back', 3)],
};

function nic(device: string, address: string, network: 'front' | 'back', last: number) {
  const gateway = network === 'front' ? '198.168.0.1' : '10.10.0.1';
  return { id: randomUUID(), device, mac: `fa:16:3e:00:00:0${last}`, address, prefix: 24, gateway, network };
}

let folder: string;
let fabric: Fabric;
let driver: NamespaceDriver;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moru-hosts-'));
  await mkdir(join(folder, 'logs'));
  fabric = await createFabric();
  driver = namespaceDriver({
    fabric,
    dataFolder: join(folder, 'disks'),
    logFolder: join(folder, 'logs'),
    agent: file('idle-agent.ts'),
    backends: await workingBackends(),
    compileCache: join(folder, 'compiled'),
  });
  await Promise.all([driver.start(web), driver.start(twoInterfaces)]);
  // the first page of each web server: its process has started
  await Promise.all([...web.nics, ...twoInterfaces.nics.slice(0, 1)].map(({ address }) => served(address)));
});

afterAll(async () => {
  await driver?.close();
  await fabric?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Fetches from the console's network until the server there is up. */
async function served(address: string): Promise<string> {
  const patience = ['-sS', '--retry', '20', '--retry-all-errors', '--retry-delay', '1', '-m', '5'];
  return runInNetwork(fabric.pids.console, 'curl', [...patience, `http://${address}/`]);
}

const fromInternet = (address: string) =>
  runInNetwork(fabric.pids.internet, 'curl', ['-sS', '-m', '1', `http://${address}/`]).catch(() => null);

const inHost = (spec: HostSpec, program: string, ...args: string[]) =>
  runInHost(driver.pid(spec.id) ?? 0, program, args);

test('a host starts as the guide shows it, with the back end of its image', async () => {
  expect(await inHost(web, 'iptables', '-S')).toBe(
    '-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n-N sshguard\n-A INPUT -j sshguard\n',
  );
  expect(await inHost(web, 'iptables', '-V')).toContain('(legacy)');
  expect(await inHost(twoInterfaces, 'iptables', '-V')).toContain('(nf_tables)');
  expect(await inHost(web, 'hostname')).toBe('web-01\n');
});

test('two interfaces give the two default gateways of the guide, equal in metric', async () => {
  expect(await inHost(twoInterfaces, 'ip', 'route', 'show', 'default')).toBe(
    'default via 198.168.0.1 dev eth0 metric 100 \ndefault via 10.10.0.1 dev eth1 metric 100 \n',
  );
});

test('a host is reached through its Public IP, and only while it has one', async () => {
  expect(await fromInternet(publicIp)).toBeNull();
  await driver.setPublicIps([{ publicIp, privateIp: '198.168.0.10' }]);
  await expect.poll(() => fromInternet(publicIp)).toContain('web-01');
  await driver.setPublicIps([]);
  expect(await fromInternet(publicIp)).toBeNull();
});

test('an open connection ends with the Public IP that it was made through', async () => {
  const ask = async (whenOpen: () => Promise<void>) => {
    const client = heldConnection();
    await firstLine(client, 'open', 'the client');
    await whenOpen();
    const answer = new Promise<string>((resolve) => {
      client.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
    });
    client.stdin?.write('now\n');
    return answer;
  };
  await driver.setPublicIps([{ publicIp, privateIp: '198.168.0.10' }]);
  expect(await ask(async () => {})).toBe('answered');
  expect(await ask(() => driver.setPublicIps([]))).toBe('silent');
});

function heldConnection(): ChildProcess {
  const args = [
    '-t',
    String(fabric.pids.internet),
    '-n',
    process.execPath,
    file('held-connection.ts'),
    publicIp,
  ];
  return spawn('nsenter', args, { stdio: ['pipe', 'pipe', 'pipe'] });
}

test('a Public IP on the second interface does not answer while the first default gateway wins', async () => {
  await driver.setPublicIps([{ publicIp, privateIp: '10.10.0.11' }]);
  expect(await fromInternet(publicIp)).toBeNull();
  await inHost(twoInterfaces, 'ip', 'route', 'del', 'default', 'via', '198.168.0.1', 'dev', 'eth0');
  await expect.poll(() => fromInternet(publicIp)).toContain('web-02');
  await driver.setPublicIps([]);
});

test('a reboot loses the rules and keeps the disk; a rebuild loses the disk too', async () => {
  await inHost(web, 'iptables', '-A', 'INPUT', '-p', 'tcp', '--dport', '80', '-j', 'ACCEPT');
  await inHost(web, 'sh', '-c', 'iptables-save > /etc/iptables.rules');
  await driver.reboot(web);
  expect(await inHost(web, 'iptables', '-S', 'INPUT')).toBe('-P INPUT ACCEPT\n-A INPUT -j sshguard\n');
  expect(await inHost(web, 'cat', '/etc/iptables.rules')).toContain('--dport 80');
  await driver.rebuild(web);
  await expect(inHost(web, 'cat', '/etc/iptables.rules')).rejects.toThrow(/No such file/);
});

test('the key pair signs in as root and as the administrator, and a rebuild brings another', async () => {
  const keys = (user: string) => inHost(web, 'cat', `/etc/ssh/authorized_keys/${user}`);
  const first = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFirst first';
  await driver.rebuild({ ...web, authorizedKeys: [first] });
  expect([await keys('root'), await keys('ubuntu')]).toEqual([`${first}\n`, `${first}\n`]);
  // only a fresh disk gets keys: a reboot leaves what the administrator has made of them
  await driver.reboot({ ...web, authorizedKeys: [] });
  expect(await keys('ubuntu')).toBe(`${first}\n`);
  expect(await inHost(web, 'sh', '-c', 'stat -c %U ~ubuntu')).toBe('ubuntu\n');
  await driver.rebuild(web);
  await expect(keys('root')).rejects.toThrow(/No such file/);
});

test('the console tells of the boot, and is gone with the host', async () => {
  const told = await driver.console(web);
  expect(told).toMatch(/^\S+Z web-01 init: booting Linux/);
  expect(told).toContain('eth0 has 198.168.0.10/24');
  expect(await driver.console({ id: web.id, hostname: 'never-booted' })).toBe('');
});

test('an interface can be added to a running host, in a subnet that nobody had until then', async () => {
  const added = {
    ...nic('eth1', '172.20.0.10', 'front', 4),
    network: 'sn0a1b2c3d',
    gateway: '172.20.0.1',
  };
  const wider = { ...web, nics: [...web.nics, added] };
  await driver.plug(wider);
  await driver.plug(wider);
  expect(await inHost(web, 'ip', '-o', '-4', 'address', 'show', 'eth1')).toContain('172.20.0.10/24');
  expect(await inHost(web, 'ip', 'route', 'get', '172.20.0.1')).toContain('dev eth1');
  await driver.reboot(wider);
  expect(await inHost(web, 'ip', '-o', '-4', 'address', 'show', 'eth1')).toContain('172.20.0.10/24');
  await driver.reboot(web);
  await expect(inHost(web, 'ip', 'link', 'show', 'eth1')).rejects.toThrow(/does not exist/);
});

test('a removed host leaves neither disk nor console, and the same instance would begin anew', async () => {
  await inHost(twoInterfaces, 'sh', '-c', 'echo mine > /etc/mine');
  await driver.remove(twoInterfaces);
  expect(driver.pid(twoInterfaces.id)).toBeUndefined();
  expect(await driver.console(twoInterfaces)).toBe('');
  await driver.remove(twoInterfaces);
  await driver.start(twoInterfaces);
  await expect(inHost(twoInterfaces, 'cat', '/etc/mine')).rejects.toThrow(/No such file/);
});

test('a stopped host is gone from the network and starts again with the same addresses', async () => {
  await driver.stop(web.id);
  expect(driver.pid(web.id)).toBeUndefined();
  await driver.start(web);
  expect(await served('198.168.0.10')).toContain('web-01');
});
