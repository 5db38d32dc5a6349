import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { connectHostControl, serveHostControl } from '@moru/hosts';
import {
  bcsPaths,
  networkPaths,
  routeTableListAnswerSchema,
  strictPublicIpAnswerSchema,
  vpcPaths,
} from '@moru/kakaocloud';
import { expect, onTestFinished, test } from 'vitest';
import { RecordingDriver } from '../testing/recording-driver.ts';
import { eventually, openCloud, type TestCloud } from '../testing/test-cloud.ts';

const seeded = [
  { publicIp: '203.0.113.21', privateIp: '10.10.0.21' },
  { publicIp: '203.0.113.31', privateIp: '198.168.0.31' },
];

async function attachToWeb(cloud: TestCloud) {
  const { instanceId, nicId } = await cloud.nic('web-01');
  const path = bcsPaths.interfacePublicIps(instanceId, nicId);
  const { body } = await cloud.as('admin', 'POST', path);
  return { path, ...strictPublicIpAnswerSchema.parse(body).public_ip };
}

async function programmed(cloud: TestCloud): Promise<void> {
  await eventually(() => cloud.driver.publicIps).toEqual(seeded);
}

test('the fabric gets the whole set at start', async () => {
  const cloud = await openCloud();
  await programmed(cloud);
});

test('hosts of active instances start, with what their servers are', async () => {
  const cloud = await openCloud();
  await eventually(() => cloud.driver.started.length).toBe(3);
  const web = await cloud.instance('web-02');
  const host = cloud.driver.started.find((spec) => spec.id === web.id);
  expect(host).toMatchObject({
    hostname: 'web-02',
    backend: 'legacy',
    webServer: false,
    nics: [
      { device: 'eth0', address: '198.168.0.11', prefix: 24, gateway: '198.168.0.1', network: 'front' },
      { device: 'eth1', address: '10.10.0.11', prefix: 24, gateway: '10.10.0.1', network: 'back' },
    ],
  });
  expect(Object.keys(host?.nics[0] ?? {}).sort()).toEqual(
    ['address', 'device', 'gateway', 'id', 'mac', 'network', 'prefix'].sort(),
  );
  const facts = cloud.driver.started.map((spec) => [spec.hostname, spec.backend, spec.webServer]);
  expect(facts.sort()).toEqual([
    ['db-01', 'nft', false],
    ['web-01', 'legacy', true],
    ['web-02', 'legacy', false],
  ]);
});

test('a host that does not start is tried again', async () => {
  const cloud = await openCloud();
  await programmed(cloud);
  await cloud.stop();
  cloud.driver.started.length = 0;
  cloud.driver.failures = 4;
  await cloud.start();
  await eventually(() => cloud.driver.started.length).toBe(3);
});

test('attaching lasts its time, then the address works', async () => {
  const cloud = await openCloud({ attachMs: 300 });
  await programmed(cloud);
  const begun = Date.now();
  const { id, status } = await attachToWeb(cloud);
  expect(status).toBe('attaching');
  await eventually(async () => (await cloud.publicIp(id)).status).toBe('in_use');
  expect(Date.now() - begun).toBeGreaterThanOrEqual(300);
  expect(cloud.driver.publicIps).toHaveLength(3);
});

test('in_use only after the fabric took it: a failing fabric is tried again', async () => {
  const cloud = await openCloud();
  await programmed(cloud);
  cloud.driver.failures = Number.POSITIVE_INFINITY;
  const { attempts } = cloud.driver;
  const { id, public_ip } = await attachToWeb(cloud);
  await eventually(() => cloud.driver.attempts).toBeGreaterThan(attempts + 1);
  expect((await cloud.publicIp(id)).status).toBe('attaching');
  cloud.driver.failures = 0;
  await eventually(async () => (await cloud.publicIp(id)).status).toBe('in_use');
  expect(cloud.driver.publicIps.map((mapping) => mapping.publicIp)).toContain(public_ip);
});

test('what is detached while the fabric is at work does not come back', async () => {
  const cloud = await openCloud();
  await programmed(cloud);
  const gate = Promise.withResolvers<void>();
  cloud.driver.gate = gate.promise;
  const { attempts } = cloud.driver;
  const { id, path } = await attachToWeb(cloud);
  await eventually(() => cloud.driver.attempts).toBe(attempts + 1);
  const detached = cloud.as('admin', 'DELETE', path);
  await eventually(async () => (await cloud.publicIp(id)).status).toBe('available');
  gate.resolve();
  expect((await detached).status).toBe(200);
  expect(cloud.driver.publicIps).toEqual(seeded);
  expect((await cloud.publicIp(id)).status).toBe('available');
});

test('an attachment under way survives a restart and is completed', async () => {
  const cloud = await openCloud({ attachMs: 3_600_000 });
  await programmed(cloud);
  const { id } = await attachToWeb(cloud);
  await cloud.stop();
  await cloud.start();
  expect((await cloud.publicIp(id)).status).toBe('attaching');
  expect(cloud.driver.publicIps).toEqual(seeded);
  await cloud.stop();
  // The hour passes while the cloud is down.
  const database = new DatabaseSync(`${cloud.directory}/cloud.db`);
  database.exec(
    'UPDATE public_ips SET attaching_until = attaching_until - 3600000 WHERE attaching_until > 0',
  );
  database.close();
  await cloud.start();
  await eventually(async () => (await cloud.publicIp(id)).status).toBe('in_use');
  expect(cloud.driver.publicIps).toHaveLength(3);
});

test('without hosts an attachment takes its time all the same', async () => {
  const cloud = await openCloud({ driver: null, attachMs: 50 });
  const { id } = await attachToWeb(cloud);
  await eventually(async () => (await cloud.publicIp(id)).status).toBe('in_use');
});

test('two who attach the same address at once: one wins', async () => {
  const cloud = await openCloud();
  const idle = await cloud.idleIp();
  const nics = [await cloud.nic('web-01'), await cloud.nic('web-02'), await cloud.nic('web-02', 1)];
  const answers = await Promise.all(
    nics.map((nic) => cloud.as('admin', 'PUT', networkPaths.publicIpInterface(idle.id, nic.nicId))),
  );
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409]);
});

test('hosts and Public IPs pass the control socket that the installation serves', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'moru-control-test-'));
  const socket = join(directory, 'hosts.sock');
  const behind = new RecordingDriver();
  const server = await serveHostControl(behind, socket);
  onTestFinished(() => {
    server.close();
    rmSync(directory, { recursive: true });
  });
  await openCloud({ driver: connectHostControl(socket) });
  await eventually(() => behind.publicIps).toEqual(seeded);
  await eventually(() => behind.started.map((host) => host.hostname).sort()).toEqual([
    'db-01',
    'web-01',
    'web-02',
  ]);
});

test('without a route to the internet an attached address is not reached', async () => {
  const cloud = await openCloud();
  await eventually(() => reached(cloud)).toContain('203.0.113.21');
  const { body } = await cloud.as('admin', 'GET', `${vpcPaths.routeTables}?vpc_name=back`);
  const [table] = routeTableListAnswerSchema.parse(body).vpc_route_tables;
  const out = table?.routes.find(({ target_type }) => target_type === 'igw');
  const path = vpcPaths.route(table?.id ?? '', out?.id ?? '');
  expect((await cloud.as('admin', 'DELETE', path)).status).toBe(204);
  await eventually(() => reached(cloud)).not.toContain('203.0.113.21');
  expect(await cloud.publicIps('?public_ip=203.0.113.21')).toMatchObject([{ status: 'in_use' }]);
  await cloud.as('admin', 'POST', vpcPaths.routes(table?.id ?? ''), {
    body: { vpc_route: { route_type: 'igw', target_id: out?.target_id, destination: '0.0.0.0/0' } },
  });
  await eventually(() => reached(cloud)).toContain('203.0.113.21');
});

function reached(cloud: TestCloud): string[] {
  return cloud.driver.publicIps.map(({ publicIp }) => publicIp);
}
