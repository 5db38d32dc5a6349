import { randomUUID } from 'node:crypto';
import { agentProblemSchema, type RouteEdit, trialStartedSchema } from '@moru/types';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startHost, type TestHost } from '../testing/host.ts';
import { addSecondGateway } from '../testing/second-gateway.ts';
import { shortWait, type TrialClient, trialClient, until } from '../testing/trial-client.ts';

let host: TestHost;
let trial: TrialClient;
let image: string;

/** The guide's repair: the second gateway, which never carries anything, goes. */
const repair: RouteEdit = { type: 'keepDefault', family: 'ipv4', gateway: '10.0.0.1', device: 'eth0' };
const add = (destination: string): RouteEdit => ({
  type: 'add',
  family: 'ipv4',
  destination,
  gateway: '10.0.0.1',
  device: 'eth0',
  metric: null,
  source: null,
  place: 'last',
});
const ssh = '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT';
const withSsh = `*filter\n:INPUT ACCEPT [0:0]\n${ssh}\nCOMMIT\n`;

const routing = async () => (await host.client('GET', '/v1/routing')).body;
const routes = async () => (await host.run('ip', ['route'])).stdout;

const start = (edits: RouteEdit[], more: object = {}) => trial.startRoutes(edits, more);

async function open(edits: RouteEdit[], more: object = {}) {
  const { status, body } = await start(edits, more);
  expect({ status, body }).toMatchObject({ status: 201, body: { state: 'applied' } });
  return trialStartedSchema.parse(body);
}

beforeAll(async () => {
  host = await startHost('legacy', shortWait);
  await addSecondGateway(host);
  trial = trialClient(host);
  image = await routes();
});
afterAll(() => host.stop());
beforeEach(async () => {
  const left = (await host.client('GET', '/v1/trials/current')).body.trial;
  if (left) await trial.revert(left.id);
  await host.run('ip', ['route', 'flush', 'proto', 'boot']);
  for (const gateway of ['10.0.0.1 dev eth0', '10.10.0.1 dev eth1']) {
    await host.run('ip', `route append default via ${gateway} metric 100`.split(' '));
  }
  expect(await routes()).toBe(image);
});

it('a trial whose answer was lost is found by the key of its request, also after its end', async () => {
  const idempotencyKey = randomUUID();
  const found = (key: string) => host.client('GET', `/v1/trial-keys/${key}`);
  const { id } = await open([repair], { idempotencyKey });
  expect((await found(idempotencyKey)).body).toMatchObject({ id, state: 'applied', key: idempotencyKey });
  await trial.revert(id);
  expect((await found(idempotencyKey)).body).toMatchObject({ id, state: 'reverted' });
  expect(await found(randomUUID())).toMatchObject({ status: 404, body: { code: 'trial.notFound' } });
});

it('the guide’s repair is tried and confirmed; a deleted gateway is added back as any other change', async () => {
  const before = await routing();
  const { id, secret, routes: change, revisions } = await open([repair], { note: '게이트웨이 정리' });
  expect(change).toEqual({
    deleted: ['default via 10.10.0.1 dev eth1 proto boot scope global metric 100'],
    added: [],
    keep: false,
  });
  expect(revisions).toEqual({ routes: { before: before.revision, after: (await routing()).revision } });
  expect(await routes()).not.toContain('10.10.0.1');
  expect((await trial.confirm(id, secret)).body).toMatchObject({
    state: 'confirmed',
    confirmed: { kept: [], trouble: '' },
  });
  const { generations } = (await host.client('GET', '/v1/generations')).body;
  expect(generations[0]).toMatchObject({ trial: id, changes: { routes: { added: 0, deleted: 1 } } });
  const kept = (await host.client('GET', `/v1/generations/${generations[0].number}`)).body;
  expect(kept.routes.map(({ gateway }: { gateway: string }) => gateway)).toEqual(['10.0.0.1']);
  expect(kept.difference.routes).toMatchObject({ deleted: [{ device: 'eth1' }], added: [] });

  const [, second] = before.defaults.ipv4;
  const back = await open([{ type: 'putBack', route: second.route, place: 'last' }]);
  expect((await trial.confirm(back.id, back.secret)).status).toBe(200);
  expect(await routes()).toBe(image);
});

it('is put back by the guard when nobody confirms, and by the agent when somebody asks', async () => {
  const { id } = await open([repair, add('198.51.100.0/24')]);
  await trial.expireIn(1);
  const expired = await until(60_000, async () => {
    const { body } = await trial.find(id);
    return body.state === 'reverted' && body;
  });
  expect(expired.reverted).toMatchObject({
    reason: 'expired',
    by: 'guard',
    steps: [{ what: 'ipv4 routes', exitCode: 0, tries: 1 }],
    words: '',
  });
  expect(await routes()).toBe(image);
  const asked = await open([repair, add('198.51.100.0/24')]);
  expect((await trial.revert(asked.id)).body.reverted).toMatchObject({
    reason: 'asked',
    by: 'agent',
    steps: [{ what: 'ipv4 routes', exitCode: 0, tries: 1 }],
    words: '',
  });
  expect(await routes()).toBe(image);
});

it('rules and routes are one change: both, or neither', async () => {
  await host.run('iptables', ['-F']);
  const before = await trial.rules();
  const ipv4 = { revision: await trial.revision(), rules: withSsh };
  const { id } = await open([repair], { ipv4 });
  expect(await trial.rules()).toContain(ssh);
  expect(await routes()).not.toContain('10.10.0.1');
  const { reverted } = (await trial.revert(id)).body;
  expect(reverted.steps.map(({ what }: { what: string }) => what)).toEqual(['ipv4 routes', 'ipv4 filter']);
  expect(await trial.rules()).toBe(before);
  expect(await routes()).toBe(image);
  // an edit that does not fit leaves the rules alone as well
  const odd = { ...repair, gateway: '10.0.0.77' };
  expect(await start([odd], { ipv4 })).toMatchObject({ status: 400, body: { code: 'routing.invalid' } });
  expect(await trial.rules()).toBe(before);
});

it('F14: what another program adds to the routes in the wait stays, and ours come back before it', async () => {
  // its own answer does not come through any more
  const answer = start([{ ...repair, gateway: '10.10.0.1', device: 'eth1' }]);
  const { id } = await until(60_000, trial.applied);
  await host.run('ip', 'route append default via 10.0.0.99 dev eth0 metric 100'.split(' '));
  await host.run('ip', 'route add 203.0.113.0/24 via 10.0.0.1'.split(' '));
  // nothing but the machine's own console is left
  const rollback = await host.moruAgent(['rollback']);
  expect(rollback).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('reverted by the command') });
  expect(await trial.folders(id)).toEqual([`reverted-${id}.asked`]);
  const { stdout } = await host.run('ip', ['route', 'show', 'default']);
  expect(stdout.split('\n').map((line) => line.split(' ')[2])).toEqual([
    '10.0.0.1',
    '10.0.0.99',
    '10.10.0.1',
    undefined,
  ]);
  expect(await routes()).toContain('203.0.113.0/24');
  expect(await answer).toMatchObject({ status: 201 });
});

it('T15: edits of routes that have changed since are refused, with all three sides', async () => {
  const { revision } = await routing();
  await host.run('ip', 'route add 203.0.113.0/24 via 10.0.0.1'.split(' '));
  const { status, body } = await host.client('POST', '/v1/trials', {
    routes: { revision, edits: [repair] },
    idempotencyKey: randomUUID(),
    author: 'tester',
  });
  expect(status).toBe(409);
  const { code, routeConflict } = agentProblemSchema.parse(body);
  expect(code).toBe('routing.stale');
  // two gateways and the routes of three addresses
  expect(routeConflict?.base).toHaveLength(4);
  expect(routeConflict?.now).toHaveLength(5);
  expect(routeConflict?.theirs).toMatchObject({ deleted: [], added: [{ destination: '203.0.113.0/24' }] });
  expect(routeConflict?.yours).toMatchObject({ deleted: [{ device: 'eth1' }], added: [] });
  expect(await start([{ ...repair, gateway: '10.10.0.1', device: 'eth1' }, repair])).toMatchObject({
    status: 400,
    body: { code: 'routing.invalid', fields: [{ field: 'routes.edits.1.gateway', code: 'route.notFound' }] },
  });
  const [first] = (await routing()).defaults.ipv4;
  expect(await start([{ type: 'putBack', route: first.route, place: 'first' }])).toMatchObject({
    status: 400,
    body: { fields: [{ code: 'route.exists' }] },
  });
});

it('keeps the change for the next boot, and only once it is confirmed', async () => {
  const file = '/etc/netplan/50-cloud.yaml';
  const text = 'network:\n  ethernets:\n    eth0: {addresses: [10.0.0.2/24]}\n';
  await host.run('sh', ['-c', `mkdir -p /etc/netplan && cat > ${file}`], text);
  const { revision } = await routing();
  const edits = [add('198.51.100.0/24')];
  const checked = await host.client('POST', '/v1/routing/check', { edits });
  const [shown] = checked.body.plan.keep.files;
  const { id, secret } = await open(edits, { routes: { revision, edits, keep: true } });
  expect((await host.run('cat', [shown.path])).exitCode).toBe(1);
  expect((await trial.confirm(id, secret)).body.confirmed).toMatchObject({
    kept: [shown.path],
    trouble: '',
  });
  expect((await host.run('cat', [shown.path])).stdout).toBe(shown.after);
  await host.run('rm', ['-r', '/etc/netplan']);
});
