import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectHostControl, type HostSpec, runInHost } from '@moru/hosts';
import {
  type AuthorityView,
  apiPaths,
  authorityViewSchema,
  type Host,
  hostListSchema,
  type Instance,
  instanceListSchema,
  issuedTokenSchema,
  printFingerprint,
} from '@moru/types';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ask } from './console-api.ts';
import { type Installation, startInstallation } from './installation.ts';

/** Long enough for a machine that has other work; each wait ends as soon as what it waits for is there. */
const soon = { timeout: 60_000, interval: 100 };

let root: string;
let installation: Installation;
let cookie: string;
let instances: Map<string, Instance>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'moru-enrolment-'));
  const options = { name: 'enrol', port: 0, fresh: true, hosts: 'namespaces', root } as const;
  installation = await startInstallation({ ...options, faults: false, attachMs: 100 }, () => {});
  ({ cookie } = await ask(installation.url, 'POST', apiPaths.session, { body: { seededAccount: 'admin' } }));
  const { body } = await ask(installation.url, 'GET', apiPaths.instances, { cookie });
  instances = new Map(instanceListSchema.parse(body).instances.map((each) => [each.name, each]));
}, 120_000);
afterAll(async () => {
  await installation?.close();
  await rm(root, { recursive: true, force: true });
});

const get = async (path: string) => (await ask(installation.url, 'GET', path, { cookie })).body;
const post = (path: string, body: unknown = {}) => ask(installation.url, 'POST', path, { cookie, body });
const named = (name: string): Instance => {
  const found = instances.get(name);
  if (!found) throw new Error(`no instance ${name}`);
  return found;
};
const hosts = async () => {
  const list = hostListSchema.parse(await get(apiPaths.hosts)).hosts;
  return Object.fromEntries(list.map((host): [string, Host] => [host.name ?? '', host]));
};
const hostNamed = async (name: string) => (await hosts())[name];
const inHost = (name: string, program: string, ...args: string[]) =>
  runInHost(installation.hosts.hostPid(named(name).id) ?? 0, program, args, '', soon.timeout);
const firewall = async (name: string) =>
  (await get(`${apiPaths.firewall(named(name).id)}?family=ipv4`)) as { revision?: string; code?: string };
const answers = (name: string) =>
  vi.waitFor(async () => expect(await firewall(name)).toHaveProperty('revision'), soon);

/** What the cloud told the driver of the instance. */
function specOf({ id, name, networkInterfaces }: Instance): HostSpec {
  const nics = networkInterfaces.map(({ device, macAddress, privateIp, id: nicId }) => {
    const network = privateIp?.startsWith('10.') ? ('back' as const) : ('front' as const);
    const gateway = network === 'front' ? '198.168.0.1' : '10.10.0.1';
    const place = { address: privateIp ?? '', prefix: 24, gateway, network };
    return { id: nicId, device, mac: macAddress ?? '', ...place };
  });
  const admin = { adminUser: 'ubuntu', authorizedKeys: [] };
  return { id, hostname: name, backend: 'legacy', webServer: false, ...admin, nics };
}

test('every host of a fresh installation has enrolled by itself, with a key that it made', async () => {
  const all = await vi.waitFor(async () => {
    const now = await hosts();
    for (const name of ['web-01', 'web-02', 'db-01']) {
      expect(now[name]).toMatchObject({ state: 'enrolled', stale: false, decision: { by: 'admin' } });
      expect(now[name]?.agent?.version).toMatch(/^\d+\.\d+\.\d+$/);
    }
    return now;
  }, soon);
  // it is off, and was never on
  expect(all['batch-01']).toMatchObject({ state: 'notEnrolled', tokens: [] });
  const disk = join(installation.folders.data, 'hosts', named('web-01').id, 'lib/moru');
  expect((await stat(join(disk, 'tls/agent.pem'))).mode & 0o777).toBe(0o600);
  await expect(stat(join(disk, 'join.json'))).rejects.toThrow('ENOENT');
  await answers('web-01');
});

test('after a rebuild somebody enrols the host again, comparing fingerprints', async () => {
  await connectHostControl(join(installation.folders.sockets, 'hosts.sock')).rebuild(specOf(named('web-01')));
  expect((await firewall('web-01')).code).toMatch(/^agent\.(unreachable|timeout)$/);
  expect(await inHost('web-01', 'moru-agent', 'status')).toContain('Not enrolled');

  const issued = issuedTokenSchema.parse((await post(apiPaths.hostTokens(named('web-01').id))).body);
  const [, program = '', ...args] = issued.enrolCommand.split(' ');
  const command = inHost('web-01', program, ...args);
  command.catch(() => {});
  await vi.waitFor(async () => expect((await hostNamed('web-01'))?.waiting).not.toBeNull(), soon);
  const waiting = (await hostNamed('web-01'))?.waiting;
  expect(waiting).toMatchObject({ hostname: 'web-01', address: '198.168.0.10', addressMatches: true });
  const decision = { fingerprint: waiting?.fingerprint };
  expect((await post(apiPaths.hostApproval(named('web-01').id), decision)).status).toBe(200);

  const said = await command;
  expect(said).toContain(printFingerprint(issued.authority));
  expect(said).toContain(printFingerprint(waiting?.fingerprint ?? ''));
  expect(said).toMatch(/Enrolled as instance .*\nThe agent answers with the new certificate\./);
  await answers('web-01');
  // the token is worth nothing any more, on this host or another
  await expect(inHost('web-02', program, ...args)).rejects.toThrow(/used already/);
}, 120_000);

test('T9: a revoked host is not asked any more, and what was open to it is closed within a minute', async () => {
  await answers('db-01');
  const established = () =>
    inHost('db-01', 'sh', '-c', 'ss -Htn state established "( sport = :7443 )" | grep -v 127.0.0.1 || :');
  expect(await established()).not.toBe('');
  expect((await post(apiPaths.hostRevocation(named('db-01').id))).status).toBe(204);
  await vi.waitFor(async () => expect(await established()).toBe(''), soon);
  expect((await firewall('db-01')).code).toBe('agent.revoked');
  expect(await hostNamed('db-01')).toMatchObject({ state: 'revoked', decision: { by: 'admin' } });

  const wish = { approval: 'automatic' };
  const { server, token } = issuedTokenSchema.parse(
    (await post(apiPaths.hostTokens(named('db-01').id), wish)).body,
  );
  await inHost('db-01', 'moru-agent', 'enrol', '--server', server, '--token', token);
  await answers('db-01');
}, 120_000);

test('the authority is rotated in phases under hosts that answer all the while', async () => {
  const view = async (): Promise<AuthorityView> => authorityViewSchema.parse(await get(apiPaths.authority));
  const go = async (to: string) => {
    const { status, body } = await post(apiPaths.authority, { to, authority: (await view()).fingerprint });
    expect({ status, body }).toMatchObject({ status: 200 });
  };
  const ready = () => vi.waitFor(async () => expect((await view()).rotation?.mayContinue).toBe(true), soon);
  const believed = async (name: string) =>
    (await inHost(name, 'cat', '/var/lib/moru/tls/agent.pem')).match(/BEGIN CERTIFICATE/g)?.length;
  const before = await view();

  await go('introduced');
  await ready();
  expect(await believed('web-02')).toBe(3);
  for (const name of ['web-01', 'web-02', 'db-01']) await answers(name);

  await go('reissuing');
  await ready();
  const during = await view();
  expect(during.fingerprint).not.toBe(before.fingerprint);
  for (const name of ['web-01', 'web-02', 'db-01']) {
    await answers(name);
    expect((await hostNamed(name))?.certificate?.authority).toBe(during.fingerprint);
  }

  await go('done');
  await vi.waitFor(async () => expect(await believed('web-02')).toBe(2), soon);
  for (const name of ['web-01', 'web-02', 'db-01']) await answers(name);
  expect((await view()).steps.map(({ phase }) => phase)).toEqual(['introduced', 'reissuing', 'done']);
  const log = await readFile(join(installation.folders.logs, 'web-02.agent.log'), 'utf8');
  expect(log).not.toContain('could not check in');
}, 180_000);
