import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type FirewallState,
  firewallStateSchema,
  type Instance,
  type ProblemCode,
  problemCatalog,
  problemOf,
} from '@moru/types';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { startTestBff, type TestBff } from '../testing/bff.ts';
import type { Browser } from '../testing/browser.ts';
import { makeAuthority, type Pair } from '../testing/certificates.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import { enrolHost, withEnrolment } from '../testing/enrolled-hosts.ts';
import { emptyState, type FakeAgent, isChange, startFakeAgent } from '../testing/fake-agent.ts';
import { instanceNamed } from '../testing/instances.ts';

// a busy machine is waited for
const soon = { timeout: 20_000 };

let folder: string;
let ca: string;
let strangersCa: string;
const pairs = new Map<string, Pair>();
let cloud: EmbeddedCloud;
let agent: FakeAgent;
let bff: TestBff;
let admin: Browser;
let web: Instance;
let environment: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'moru-bff-agent-'));
  cloud = await startEmbeddedCloud();
  // one store for all, so that what is enrolled here is known to each
  const keyFile = join(folder, 'secret.key');
  await writeFile(keyFile, randomBytes(32).toString('hex'));
  environment = { MORU_DATA: join(folder, 'data'), MORU_SECRET_KEY_FILE: keyFile };
  const direct = await startTestBff(cloud, { ...environment, ...withEnrolment });
  const browser = await direct.browser('admin');
  const { body } = await browser.get('/api/instances');
  for (const { id } of body.instances as Instance[]) {
    const { certificate, key, authorities } = await enrolHost(direct, browser, id);
    pairs.set(id, { certificate, key });
    [ca = ''] = authorities;
  }
  await direct.close();
  const stranger = await makeAuthority(folder, 'stranger');
  strangersCa = stranger.certificate;
  pairs.set('stranger', await stranger.issue('stranger-agent', { commonName: 'x', dnsName: 'x' }));
}, 60_000);
afterAll(async () => {
  await cloud.stop();
  await rm(folder, { recursive: true });
});

const pairOf = (name: string): Pair => {
  const pair = pairs.get(name);
  if (!pair) throw new Error(`no certificate for ${name}`);
  return pair;
};
const start = (certificateOf = pairOf) => startFakeAgent(join(folder, 'agent.sock'), ca, certificateOf);

const startSimulated = () =>
  startTestBff(cloud, {
    ...environment,
    MORU_HOSTS: 'simulated',
    MORU_AGENT_SOCKET: join(folder, 'agent.sock'),
  });

beforeEach(async () => {
  agent = await start();
  bff = await startSimulated();
  admin = await bff.browser('admin');
  web = await instanceNamed(admin, 'web-01');
});
afterEach(async () => {
  await bff.close();
  await agent.close();
});

const path = (suffix = '') => `/api/instances/${web.id}/firewall${suffix}`;
const append = (rule: string) => ({
  type: 'append',
  family: 'ipv4',
  revision: agent.state.revision,
  table: 'filter',
  chain: 'INPUT',
  rule,
});
/** The state after a rule was added at the end of INPUT. */
const withRule = (state: FirewallState, text: string): FirewallState => {
  const next = structuredClone(state);
  const rules = next.tables[0]?.chains[0]?.rules ?? [];
  rules.push({ number: rules.length + 1, text, packets: '0', bytes: '0' });
  return { ...next, revision: 'b'.repeat(64), readAt: new Date().toISOString() };
};
const ssh = '-p tcp -m tcp --dport 22 -j ACCEPT';

test('rules and outputs come from the agent, with the request’s own id', async () => {
  const state = await admin.get(path());
  expect(firewallStateSchema.parse(state.body)).toEqual(agent.state);
  expect(agent.asked.at(-1)).toMatchObject({
    method: 'GET',
    path: '/v1/firewall?family=ipv4',
    requestId: state.headers['x-request-id'],
  });
  agent.reply = () => ({
    status: 200,
    body: {
      kind: 'version',
      command: 'sudo iptables -V',
      text: 'iptables v1.8.9 (legacy)\n',
      exitCode: 0,
      readAt: new Date().toISOString(),
      truncated: false,
    },
  });
  const output = await admin.get(path('/output/version'));
  expect(output.body).toMatchObject({ command: 'sudo iptables -V', exitCode: 0 });
  expect(agent.asked.at(-1)?.path).toBe('/v1/firewall/output?kind=version&family=ipv4');
  expect((await admin.get(path('/output/everything'))).body.code).toBe('input.invalid');
});

test('a change goes through and is recorded before and after', async () => {
  const next = withRule(agent.state, ssh);
  agent.reply = (call) => (isChange(call) ? { status: 200, body: next } : null);
  const change = append(ssh);
  const { status, body } = await admin.post(path('/changes'), change);
  expect(status).toBe(200);
  expect(body.revision).toBe(next.revision);
  expect(agent.asked.at(-1)?.body).toEqual(change);
  const { records } = (await admin.get('/api/audit?limit=2')).body;
  expect(records).toMatchObject([
    { phase: 'succeeded', action: 'firewall.change', detail: { revision: next.revision } },
    { phase: 'intent', detail: { type: 'append', chain: 'INPUT', rule: ssh }, target: { name: 'web-01' } },
  ]);
});

test('T1: a rule with a line feed, and unknown keys, never reach the agent', async () => {
  const before = agent.asked.length;
  for (const body of [
    append('-m comment --comment "a\n-A INPUT -j ACCEPT" -j DROP'),
    { ...append(ssh), url: 'https://evil.test' },
    { ...append(ssh), chain: '-F' },
    { ...append(ssh), table: 'filter; reboot' },
  ]) {
    expect((await admin.post(path('/changes'), body)).body.code).toBe('input.invalid');
  }
  expect(agent.asked.length).toBe(before);
});

test('the agent’s refusals pass through with code, fields and words; a stale one brings the rules', async () => {
  const fields = [{ field: 'rule.source', code: 'address.invalid' }];
  agent.reply = (call) =>
    isChange(call)
      ? { status: 422, body: problemOf('rule.refused', { fields, upstream: 'Bad rule' }) }
      : null;
  const refused = await admin.post(path('/changes'), append(ssh));
  expect(refused.body).toMatchObject({ status: 422, code: 'rule.refused', fields, upstream: 'Bad rule' });
  expect(refused.body.requestId).toBe(refused.headers['x-request-id']);

  const state = withRule(agent.state, ssh);
  agent.reply = (call) =>
    isChange(call) ? { status: 409, body: { ...problemOf('revision.stale'), state } } : null;
  const stale = await admin.post(path('/changes'), append(ssh));
  expect(stale.body).toMatchObject({
    status: 409,
    code: 'revision.stale',
    state: { revision: state.revision },
  });
});

test('F11: a change whose answer is lost is answered from the host, never repeated', async () => {
  agent.reply = (call) => {
    if (!isChange(call)) return null;
    agent.state = withRule(agent.state, ssh);
    return 'drop';
  };
  const { status, body } = await admin.post(path('/changes'), append(ssh));
  expect(status).toBe(200);
  expect(body.tables[0].chains[0].rules.at(-1).text).toBe(ssh);
  expect(agent.calls.filter(isChange)).toHaveLength(1);
});

test('F11: a change whose answer is lost without a trace on the host is unknown', async () => {
  agent.reply = (call) => (isChange(call) ? 'drop' : null);
  const { body } = await admin.post(path('/changes'), append(ssh));
  expect(body).toMatchObject({ status: 504, code: 'outcome.unknown' });
  expect(agent.calls.filter(isChange)).toHaveLength(1);
  const { records } = (await admin.get('/api/audit?limit=1')).body;
  expect(records).toMatchObject([{ phase: 'unknown' }]);
}, 15_000);

test.each([
  ['a rule that stands there twice', [ssh, ssh], 'delete', ssh, [ssh], 200],
  ['a rule in other words', [], 'append', '-p tcp --dport 22 -j ACCEPT', [ssh], 200],
  ['a rule that stood there before, while others changed', [ssh], 'append', ssh, [ssh], 504],
] as const)(
  'F11: the lost answer to a change of %s',
  async (_name, before, type, rule, after, status) => {
    const none = agent.state;
    agent.state = before.reduce(withRule, none);
    const change = { ...append(rule), type, ...(type === 'delete' && { number: 2 }) };
    agent.reply = (call) => {
      if (!isChange(call)) return null;
      agent.state = { ...after.reduce(withRule, none), revision: 'c'.repeat(64) };
      return 'drop';
    };
    const answer = await admin.post(path('/changes'), change);
    expect(answer.status).toBe(status);
    if (status === 504) expect(answer.body.code).toBe('outcome.unknown');
  },
  15_000,
);

test.each([
  ['a 200 of another form', { status: 200, body: { rules: [] } }],
  ['a 500 of another form', { status: 500, body: { error: 'x' } }],
  ['a failure inside the agent', { status: 500, body: problemOf('internal') }],
  ['an outcome that the agent does not know', { status: 504, body: problemOf('outcome.unknown') }],
])('F11: a change that was made is told as made, though the answer is %s', async (_name, reply) => {
  agent.reply = (call) => {
    if (!isChange(call)) return null;
    agent.state = withRule(agent.state, ssh);
    return reply;
  };
  expect((await admin.post(path('/changes'), append(ssh))).status).toBe(200);
  expect((await admin.get('/api/audit?limit=1')).body.records).toMatchObject([{ phase: 'succeeded' }]);
});

test('F11: an answer of another form with nothing to see on the host is unknown', async () => {
  agent.reply = (call) => (isChange(call) ? { status: 200, body: { rules: [] } } : null);
  const { body } = await admin.post(path('/changes'), append(ssh));
  expect(body).toMatchObject({ status: 504, code: 'outcome.unknown' });
}, 15_000);

test('a host says only what is of hosts: nothing that it answers signs anybody out', async () => {
  const meant =
    /^(host|rule|chain|revision|file|input|trial|routing|generation|sshguard)\.|^(body\.tooLarge|outcome\.unknown|internal)$/;
  for (const code of Object.keys(problemCatalog) as ProblemCode[]) {
    agent.reply = () => ({ status: problemCatalog[code].status, body: problemOf(code) });
    const { body } = await admin.get(path());
    expect(body.code, code).toBe(meant.test(code) ? code : 'agent.unreachable');
    if (meant.test(code)) continue;
    agent.reply = (call) => (isChange(call) ? { status: 401, body: problemOf(code) } : null);
    expect((await admin.post(path('/changes'), append(ssh))).body.code, code).toBe('agent.unreachable');
  }
  expect((await admin.get('/api/session')).body).not.toBeNull();
}, 30_000);

test('F19: another program’s lock is told for the outputs as well', async () => {
  const upstream = 'Another app is currently holding the xtables lock';
  agent.reply = () => ({ status: 503, body: problemOf('host.busy', { upstream }) });
  for (const kind of ['list', 'rules']) {
    const { body } = await admin.get(path(`/output/${kind}`));
    expect(body).toMatchObject({ status: 503, code: 'host.busy', upstream });
  }
});

test('counters to zero: what is asked for goes to the agent, and a lost answer stays unknown', async () => {
  const zero = { family: 'ipv4', table: 'filter', chain: 'INPUT', rule: { number: 1, text: '-j sshguard' } };
  expect((await admin.post(path('/zero'), zero)).status).toBe(200);
  expect(agent.asked.at(-1)).toMatchObject({ path: '/v1/firewall/zero', body: zero });
  agent.reply = ({ path: asked }) => (asked === '/v1/firewall/zero' ? 'drop' : null);
  expect((await admin.post(path('/zero'), zero)).body.code).toBe('outcome.unknown');
  expect((await admin.post(path('/zero'), { ...zero, chain: null })).body.code).toBe('input.invalid');
});

test('a save is answered by the agent, and an agent that is down is named with nothing done', async () => {
  const save = { family: 'ipv4', revision: agent.state.revision };
  agent.state.saved = { ...agent.state.saved, exists: true, matches: true };
  expect((await admin.post(path('/save'), save)).body.saved.matches).toBe(true);
  await agent.close();
  expect((await admin.post(path('/save'), save)).body).toMatchObject({
    status: 502,
    code: 'agent.unreachable',
  });
  expect((await admin.get(path())).body.code).toBe('agent.unreachable');
  agent = await start();
});

test('a read that hangs is told as late', async () => {
  agent.reply = () => 'hang';
  expect((await admin.get(path())).body).toMatchObject({ status: 504, code: 'agent.timeout' });
}, 15_000);

test('a host that is off is not asked: its state is the reason', async () => {
  const batch = await instanceNamed(admin, 'batch-01');
  const before = agent.asked.length;
  const firewall = `/api/instances/${batch.id}/firewall`;
  expect((await admin.get(firewall)).body).toMatchObject({ status: 409, code: 'instance.state' });
  expect((await admin.post(`${firewall}/changes`, append(ssh))).body.code).toBe('instance.state');
  expect(agent.asked.length).toBe(before);
});

test('T9: an agent that shows another host’s certificate, or a stranger’s, gets no request', async () => {
  const database = await instanceNamed(admin, 'db-01');
  await agent.close();
  for (const wrong of [database.id, 'stranger']) {
    agent = await start(() => pairOf(wrong));
    expect((await admin.get(path())).body.code).toBe('agent.unreachable');
    expect(agent.calls).toEqual([]);
    await agent.close();
  }
  agent = await start();
  expect((await admin.get(path())).status).toBe(200);
  expect(strangersCa).not.toBe(ca);
});

test('connections to a host are kept', async () => {
  await vi.waitFor(() => expect(agent.calls.length).toBeGreaterThan(0), soon);
  await admin.get(path());
  const before = agent.connections;
  for (let round = 0; round < 5; round += 1) await admin.get(path());
  expect(agent.connections).toBe(before);
});

test('answers larger than 16 MiB, and of another form, are no answers', async () => {
  agent.reply = () => ({ status: 200, body: { filler: 'x'.repeat(17 * 1024 * 1024) } });
  expect((await admin.get(path())).body.code).toBe('agent.unreachable');
  agent.reply = () => ({ status: 200, body: { rules: [] } });
  expect((await admin.get(path())).body.code).toBe('agent.unreachable');
  agent.reply = () => ({ status: 500, body: { error: randomUUID() } });
  expect((await admin.get(path())).body.code).toBe('agent.unreachable');
});

test('the list tells each host’s firewall: open, then a port, then away with the age of what is known', async () => {
  const summary = async () => (await instanceNamed(admin, 'web-01')).firewall;
  await vi.waitFor(
    async () => expect(await summary()).toMatchObject({ agent: 'connected', open: true }),
    soon,
  );
  const away = async () => (await instanceNamed(admin, 'batch-01')).firewall;
  await vi.waitFor(async () => expect(await away()).toMatchObject({ agent: 'offline', readAt: null }), soon);

  const closed = withRule({ ...emptyState() }, ssh);
  const input = closed.tables[0]?.chains[0];
  if (input) input.policy = 'DROP';
  agent.reply = (call) => (isChange(call) ? { status: 200, body: closed } : null);
  await admin.post(path('/changes'), append(ssh));
  expect(await summary()).toMatchObject({ inputPolicy: 'DROP', open: false, openPorts: ['tcp/22'] });
});

test('an agent that stops answering is away in the list as soon as somebody has asked it', async () => {
  const summary = async () => (await instanceNamed(admin, 'web-01')).firewall;
  await admin.get(path());
  expect(await summary()).toMatchObject({ agent: 'connected' });
  const { readAt } = await summary();
  agent.reply = () => ({ status: 500, body: { error: 'gone' } });
  expect((await admin.get(path())).body.code).toBe('agent.unreachable');
  expect(await summary()).toMatchObject({ agent: 'offline', readAt });
});

test('the list never waits long for an agent that hangs', async () => {
  agent.reply = () => 'hang';
  await bff.close();
  bff = await startSimulated();
  const browser = await bff.browser('admin');
  const started = performance.now();
  const { body } = await browser.get('/api/instances');
  expect(performance.now() - started).toBeLessThan(1_500);
  expect(body.instances).toHaveLength(4);
  expect(body.instances[0].firewall).toMatchObject({ agent: 'unread', readAt: null, open: null });
});
