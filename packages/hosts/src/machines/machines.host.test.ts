import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hostLeaf, printCredential } from '@moru/enrolment';
import { issueKeyPair, type KeyPair, makeAuthority } from '@moru/enrolment/authority';
import { agentClientName, agentPaths, agentPort } from '@moru/types';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { HostSpec } from '../driver.ts';
import { createFabric, type Fabric } from '../namespaces/fabric.ts';
import { firstLine, run, runInHost, runInNetwork } from '../namespaces/run.ts';
import { controlGroupsOf, processesOfMachines } from '../testing/control-groups.ts';
import { imageForTests, imageForTestsMs } from '../testing/machine-image.ts';
import { type MachineAgent, packagedAgent } from './agent.ts';
import { type MachineDriver, machineDriver } from './driver.ts';
import type { InterfaceTool } from './interfaces.ts';

const publicIp = '203.0.113.10';
const hour = 3_600_000;
/** what an orderly end and a boot are allowed together, on two processors that others use as well */
const soon = { timeout: 90_000, interval: 100 };

const web = host('web-01', 'legacy', [nic('eth0', '198.168.0.10', 'front', 1)]);
const twoInterfaces = host('web-02', 'nft', [
  nic('eth0', '198.168.0.11', 'front', 2),
  nic('eth1', '10.10.0.11', 'back', 3),
]);

function host(hostname: string, backend: 'legacy' | 'nft', nics: HostSpec['nics']): HostSpec {
  return {
    id: randomUUID(),
    hostname,
    backend,
    webServer: true,
    adminUser: 'ubuntu',
    authorizedKeys: [],
    nics,
  };
}

function nic(device: string, address: string, network: 'front' | 'back', last: number) {
  const gateway = network === 'front' ? '198.168.0.1' : '10.10.0.1';
  return { id: randomUUID(), device, mac: `fa:16:3e:00:00:0${last}`, address, prefix: 24, gateway, network };
}

let folder: string;
let fabric: Fabric;
let authority: KeyPair;
let driver: MachineDriver;
let agent: MachineAgent;
let available: Awaited<ReturnType<typeof imageForTests>>;

beforeAll(async () => {
  available = await imageForTests();
  if (available.missing) return;
  folder = await mkdtemp(join(tmpdir(), 'moru-machines-'));
  [fabric, agent] = await Promise.all([createFabric(), packagedAgent()]);
  authority = await makeAuthority();
  driver = await driverOf('machines');
  const leaf = { commonName: agentClientName, usages: ['client'] as const, expiresAt: Date.now() + hour };
  const client = await issueKeyPair(authority, leaf);
  await writeFile(join(folder, 'ca.pem'), authority.certificate);
  await writeFile(join(folder, 'client.pem'), client.certificate);
  await writeFile(join(folder, 'client.key'), client.key);
  await Promise.all([driver.start(web), driver.start(twoInterfaces)]);
  await Promise.all([enrol(web), enrol(twoInterfaces)]);
}, imageForTestsMs);

beforeEach(({ skip }) => skip(available.missing !== undefined, available.missing));

afterAll(async () => {
  await driver?.close();
  await fabric?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function driverOf(name: string, interfaces: InterfaceTool = 'netplan'): Promise<MachineDriver> {
  const dataFolder = join(folder, name);
  await mkdir(dataFolder);
  const image = available.image;
  return machineDriver({ fabric, image, dataFolder, logFolder: folder, agent, interfaces });
}

/** What enrolment leaves on a host; enrolment itself is tested with a console (packages/stack). */
async function enrol(spec: HostSpec): Promise<void> {
  const pair = await issueKeyPair(authority, hostLeaf(spec.id, Date.now() + hour));
  const credential = printCredential({ ...pair, authorities: [authority.certificate] });
  const receive = 'mkdir -p /var/lib/moru/tls; cat > /var/lib/moru/tls/agent.pem';
  await runInHost(driver.pid(spec.id) ?? 0, 'sh', ['-c', receive], credential);
}

const inHost = (spec: HostSpec, program: string, ...args: string[]) =>
  runInHost(driver.pid(spec.id) ?? 0, program, args);

const fetched = (network: 'console' | 'internet', address: string) =>
  runInNetwork(fabric.pids[network], 'curl', ['-sS', '-m', '1', `http://${address}/`]).catch(() => null);

/** Asks the agent over the host's first NIC, as the BFF does; the certificate's name says that it is this host. */
async function askAgent(spec: HostSpec, path: string, ...more: string[]): Promise<string> {
  const where = `${spec.id}:${agentPort}`;
  const resolve = ['--resolve', `${where}:${spec.nics[0]?.address}`];
  const ca = ['--cacert', join(folder, 'ca.pem')];
  return runInNetwork(fabric.pids.console, 'curl', [
    '-sS',
    '-m',
    '5',
    ...ca,
    ...resolve,
    ...more,
    `https://${where}${path}`,
  ]);
}

const certificate = () => ['--cert', join(folder, 'client.pem'), '--key', join(folder, 'client.key')];

async function bootIdByAgent(spec: HostSpec): Promise<string> {
  return JSON.parse(await askAgent(spec, agentPaths.version, ...certificate())).bootId;
}

/** The agent's process has started: it answers, and with the boot's own id. */
const agentAnswers = (spec: HostSpec) =>
  expect.poll(() => bootIdByAgent(spec).catch(String), soon).toMatch(/^[0-9a-f]{8}-/);

test('two machines side by side have booted, with no failed unit', async () => {
  for (const spec of [web, twoInterfaces]) {
    expect(await inHost(spec, 'systemctl', 'list-units', '--failed', '--no-legend', '--plain')).toBe('');
    expect(driver.state(spec.id)).toBe('running');
    expect(await inHost(spec, 'systemctl', 'is-active', 'moru-agent', 'ssh', 'sshguard')).toBe(
      'active\nactive\nactive\n',
    );
    expect(await inHost(spec, 'hostname')).toBe(`${spec.hostname}\n`);
    expect((await inHost(spec, 'cat', '/etc/machine-id')).trim()).toBe(spec.id.replaceAll('-', ''));
  }
});

test('a machine starts as the guide shows it, with the back end of its image', async () => {
  for (const spec of [web, twoInterfaces]) {
    expect(await inHost(spec, 'iptables', '-S')).toBe(
      '-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n-N sshguard\n-A INPUT -j sshguard\n',
    );
  }
  expect(await inHost(web, 'iptables', '-V')).toContain('(legacy)');
  expect(await inHost(twoInterfaces, 'iptables', '-V')).toContain('(nf_tables)');
});

test('two interfaces give the two default gateways of the guide, equal in metric, the first one winning', async () => {
  await expect
    .poll(() => inHost(twoInterfaces, 'ip', 'route', 'show', 'default'), soon)
    .toBe(
      'default via 198.168.0.1 dev eth0 proto static metric 100 \n' +
        'default via 10.10.0.1 dev eth1 proto static metric 100 \n',
    );
});

test('the agent answers over the NIC by mutual TLS, and nobody without a certificate', async () => {
  await agentAnswers(web);
  expect(JSON.parse(await askAgent(web, agentPaths.version, ...certificate()))).toMatchObject({
    hostname: 'web-01',
    simulated: false,
    bootId: (await inHost(web, 'cat', '/proc/sys/kernel/random/boot_id')).trim(),
  });
  const firewall = await askAgent(web, `${agentPaths.firewall}?family=ipv4`, ...certificate());
  expect(firewall).toContain('-j sshguard');
  await expect(askAgent(web, agentPaths.version)).rejects.toThrow(/alert|certificate|reset/);
});

test('a Public IP reaches web server and SSH server from outside', async () => {
  await expect.poll(() => fetched('console', '198.168.0.10'), soon).toContain('web-01');
  expect(await fetched('internet', publicIp)).toBeNull();
  await driver.setPublicIps([{ publicIp, privateIp: '198.168.0.10' }]);
  await expect.poll(() => fetched('internet', publicIp), soon).toContain('web-01');
  const greeting = `curl -s -m 1 telnet://${publicIp}:22 || :`;
  const greeted = () => runInNetwork(fabric.pids.internet, 'sh', ['-c', greeting]);
  await expect.poll(greeted, soon).toMatch(/^SSH-2\.0-OpenSSH/);
  await driver.setPublicIps([]);
});

test('the console of a machine is its log, boot messages and journal', async () => {
  await agentAnswers(web);
  const log = readFileSync(join(folder, 'web-01.console.log'), 'utf8');
  expect(log).toContain('Welcome to Debian');
  expect(log).toMatch(/moru-agent\[\d+\]: .*agent listens/);
});

test('units can be checked with the systemd that runs them', async () => {
  const unit = '/usr/lib/systemd/system/moru-agent.service';
  expect(await inHost(web, 'sh', '-c', `systemd-analyze verify ${unit} 2>&1`)).toBe('');
  await inHost(web, 'sh', '-c', `sed 's/^Restart=.*/Restart=perhaps/' ${unit} > /run/wrong.service`);
  expect(await inHost(web, 'sh', '-c', 'systemd-analyze verify /run/wrong.service 2>&1 || :')).toContain(
    'perhaps',
  );
});

test('power loss: rules are gone, the disk is there, the next boot is whole', async () => {
  await agentAnswers(web);
  const before = await bootIdByAgent(web);
  await inHost(web, 'iptables', '-A', 'INPUT', '-p', 'tcp', '--dport', '80', '-j', 'ACCEPT');
  await inHost(web, 'sh', '-c', 'iptables-save > /etc/iptables.rules');
  await driver.reboot(web);
  expect(driver.state(web.id)).toBe('running');
  expect(await inHost(web, 'iptables', '-S', 'INPUT')).toBe('-P INPUT ACCEPT\n-A INPUT -j sshguard\n');
  expect(await inHost(web, 'cat', '/etc/iptables.rules')).toContain('--dport 80');
  await agentAnswers(web);
  expect(await bootIdByAgent(web)).not.toBe(before);
});

test('a machine that is told to reboot, from outside or from within, ends in order and comes back', async () => {
  const boots = async () =>
    (await inHost(twoInterfaces, 'journalctl', '--list-boots', '--quiet')).trim().split('\n').length;
  const before = await boots();
  await driver.restart(twoInterfaces.id);
  expect(driver.state(twoInterfaces.id)).toBe('running');
  expect(await boots()).toBe(before + 1);
  expect(await inHost(twoInterfaces, 'journalctl', '-b', '-1', '-u', 'ssh', '--no-pager')).toContain(
    'Stopped ssh.service',
  );
  const leader = driver.pid(twoInterfaces.id);
  await inHost(twoInterfaces, 'systemctl', 'reboot').catch(() => ''); // it may be gone before it says so
  await expect.poll(() => driver.pid(twoInterfaces.id) ?? leader, soon).not.toBe(leader);
  expect(await boots()).toBe(before + 2);
});

test('a machine that powers off by itself is off, and one that is cut off stays off', async () => {
  await inHost(twoInterfaces, 'systemctl', 'poweroff').catch(() => '');
  await expect.poll(() => driver.pid(twoInterfaces.id), soon).toBeUndefined();
  await driver.reboot(twoInterfaces);
  const leader = driver.pid(twoInterfaces.id);
  await driver.cutPower(twoInterfaces.id);
  expect(existsSync(`/proc/${leader}`)).toBe(false);
  expect(driver.pid(twoInterfaces.id)).toBeUndefined();
  await driver.start(twoInterfaces);
  expect(driver.state(twoInterfaces.id)).toBe('running');
});

test('a stopped machine is gone from the network and starts again with the same disk; a rebuild has a fresh one', async () => {
  await inHost(web, 'sh', '-c', 'echo kept > /srv/file');
  await driver.stop(web.id);
  await driver.stop(web.id);
  expect(await fetched('console', '198.168.0.10')).toBeNull();
  await driver.start(web);
  await driver.start(web);
  expect(await inHost(web, 'cat', '/srv/file')).toBe('kept\n');
  const key = await inHost(web, 'cat', '/etc/ssh/ssh_host_ecdsa_key');
  await driver.rebuild(web);
  await expect(inHost(web, 'cat', '/srv/file')).rejects.toThrow('No such file');
  expect(await inHost(web, 'cat', '/etc/ssh/ssh_host_ecdsa_key')).not.toBe(key);
  expect(driver.state(web.id)).toBe('running');
});

test('with ifupdown instead of netplan the same interfaces come up', async () => {
  const machines = await driverOf('ifupdown', 'ifupdown');
  const third = host('web-03', 'legacy', [
    nic('eth0', '198.168.0.12', 'front', 4),
    nic('eth1', '10.10.0.12', 'back', 5),
  ]);
  try {
    await machines.start(third);
    expect(machines.state(third.id)).toBe('running');
    const inThird = (...args: string[]) => runInHost(machines.pid(third.id) ?? 0, 'sh', ['-c', ...args]);
    expect(await inThird('ip route show default')).toBe(
      'default via 198.168.0.1 dev eth0 metric 100 \ndefault via 10.10.0.1 dev eth1 metric 100 \n',
    );
    expect(await inThird('command -v netplan || echo none; command -v ifup')).toBe('none\n/usr/sbin/ifup\n');
    expect(await inHost(web, 'sh', '-c', 'command -v ifup || echo none')).toBe('none\n');
  } finally {
    await machines.close();
  }
});

test('SIGKILL of the owner leaves no process, mount, control group or link', async () => {
  const state = async () => ({
    links: await run('ip', ['-o', 'link']),
    mounts: readFileSync('/proc/self/mountinfo', 'utf8'),
  });
  const before = await state();
  const own = await mkdtemp(join(tmpdir(), 'moru-machines-'));
  const program = fileURLToPath(new URL('../testing/machine-owner.ts', import.meta.url));
  const spec = host('killed', 'nft', [nic('eth0', '198.168.0.13', 'front', 6)]);
  const owner = spawn(process.execPath, [program, own, JSON.stringify(spec)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    await firstLine(owner, 'booted', 'the owner of a machine', 110_000);
    const pids = await processesOfMachines(owner.pid);
    // the check can fail: while it runs there are processes and groups, but nothing in this computer's own places
    expect(pids.length).toBeGreaterThan(10);
    expect((await controlGroupsOf(owner.pid)).length).toBeGreaterThan(10);
    expect(await state()).toEqual(before);
    owner.kill('SIGKILL');
    await expect.poll(() => pids.filter((pid) => existsSync(`/proc/${pid}`)), soon).toEqual([]);
    await expect.poll(() => controlGroupsOf(owner.pid), soon).toEqual([]);
    await expect.poll(state, soon).toEqual(before);
  } finally {
    owner.kill('SIGKILL');
    await rm(own, { recursive: true, force: true });
  }
});
