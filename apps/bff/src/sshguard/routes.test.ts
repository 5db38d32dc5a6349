import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Instance, problemOf, type SshguardPanel, type WatchState } from '@moru/types';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import type { Browser } from '../testing/browser.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import { enrolHost, withEnrolment } from '../testing/enrolled-hosts.ts';
import { type FakeAgent, startFakeAgent } from '../testing/fake-agent.ts';
import { instanceNamed } from '../testing/instances.ts';

// a cloud and two installations are started first
vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let folder: string;
let cloud: EmbeddedCloud;
let agent: FakeAgent;
let bff: TestBff;
let admin: Browser;
let web: Instance;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moru-bff-sshguard-'));
  cloud = await startEmbeddedCloud();
  const keyFile = join(folder, 'secret.key');
  await writeFile(keyFile, randomBytes(32).toString('hex'));
  const environment = { MORU_DATA: join(folder, 'data'), MORU_SECRET_KEY_FILE: keyFile };
  const direct = await startTestBff(cloud, { ...environment, ...withEnrolment });
  const browser = await direct.browser('admin');
  web = await instanceNamed(browser, 'web-01');
  const { certificate, key, authorities } = await enrolHost(direct, browser, web.id);
  await direct.close();
  const socketPath = join(folder, 'agent.sock');
  agent = await startFakeAgent(socketPath, authorities[0] ?? '', () => ({ certificate, key }));
  bff = await startTestBff(cloud, { ...environment, MORU_HOSTS: 'simulated', MORU_AGENT_SOCKET: socketPath });
  admin = await bff.browser('admin');
});
afterAll(async () => {
  await bff.close();
  await agent.close();
  await cloud.stop();
  await rm(folder, { recursive: true });
});

const block = { rule: '-s 192.0.2.66/32 -j DROP', source: '192.0.2.66/32', packets: '1', bytes: '60' };
const panelWith = (...blocked: (typeof block)[]): SshguardPanel => ({
  ...{ family: 'ipv4', readAt: new Date().toISOString(), condition: 'running' },
  ...{ installed: true, running: true, backend: 'sshg-fw-iptables', chain: true },
  ...{ jump: { chain: 'INPUT', number: 1, rule: '-j sshguard' }, ahead: null, whitelist: null },
  blocked: blocked.map((each) => ({ ...each, seenAt: null, notBefore: null })),
  blockedCount: blocked.length,
});
const watchState: WatchState = {
  mark: 'a.1',
  ipv4: null,
  ipv6: null,
  routes: null,
  sources: [],
  pollSeconds: 300,
};
const path = (suffix: string) => `/api/instances/${web.id}${suffix}`;
const unblocked = { family: 'ipv4', rule: block.rule };

beforeEach(() => {
  agent.reply = () => ({ status: 200, body: panelWith(block) });
});

test('the panel comes from the agent, for everybody; unblocking is for project admins', async () => {
  const reader = await bff.browser('reader');
  expect((await reader.get(path('/sshguard'))).body).toMatchObject({ condition: 'running', blockedCount: 1 });
  expect(agent.asked.at(-1)?.path).toBe('/v1/sshguard?family=ipv4');
  const before = agent.asked.length;
  expect((await reader.post(path('/sshguard/unblock'), unblocked)).body.code).toBe('role.insufficient');
  expect((await admin.post(path('/sshguard/unblock'), { ...unblocked, chain: 'INPUT' })).status).toBe(400);
  expect(agent.asked).toHaveLength(before);
});

test('an unblocking is recorded before and after', async () => {
  agent.reply = () => ({ status: 200, body: panelWith() });
  expect((await admin.post(path('/sshguard/unblock'), unblocked)).body).toMatchObject({ blockedCount: 0 });
  const { records } = (await admin.get('/api/audit?limit=2')).body;
  expect(records).toMatchObject([
    { phase: 'succeeded', action: 'sshguard.unblock', detail: { blocked: 0 } },
    { phase: 'intent', action: 'sshguard.unblock', detail: { rule: block.rule } },
  ]);
});

test('F11: a lost answer is made good by a look at the chain', async () => {
  agent.reply = ({ method }) => (method === 'POST' ? 'drop' : { status: 200, body: panelWith() });
  expect((await admin.post(path('/sshguard/unblock'), unblocked)).status).toBe(200);
});

test('the agent’s own refusal is told', async () => {
  agent.reply = () => ({ status: 404, body: problemOf('sshguard.notBlocked') });
  expect((await admin.post(path('/sshguard/unblock'), unblocked)).body.code).toBe('sshguard.notBlocked');
});

test('a watch hands on mark and wait', async () => {
  agent.reply = () => ({ status: 200, body: watchState });
  expect((await admin.get(path('/firewall/watch?after=a.0&wait=20'))).body).toEqual(watchState);
  expect(agent.asked.at(-1)?.path).toBe('/v1/watch?wait=20&after=a.0');
  expect((await admin.get(path('/firewall/watch?wait=26'))).body.code).toBe('input.invalid');
});

test('a mark of a chain goes to the agent with whoever set it, and is recorded', async () => {
  const chains = [{ chain: 'vpn', program: 'wireguard', author: 'x', at: new Date().toISOString() }];
  agent.reply = () => ({ status: 200, body: { chains } });
  const mark = { chain: 'vpn', program: 'wireguard' };
  expect((await admin.post(path('/firewall/foreign-chains'), mark)).body).toEqual({ chains });
  expect(agent.asked.at(-1)?.body).toEqual({ ...mark, author: expect.stringMatching(/./) });
  const { records } = (await admin.get('/api/audit?limit=1')).body;
  expect(records).toMatchObject([{ action: 'chain.mark', detail: { marked: ['vpn'] } }]);
});
