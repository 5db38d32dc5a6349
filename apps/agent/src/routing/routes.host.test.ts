import { routingCheckedSchema, routingStateSchema } from '@moru/types';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHost, type TestHost } from '../testing/host.ts';

let host: TestHost;

beforeAll(async () => {
  host = await startHost('nft');
  const lines = [
    'link add eth1 type veth peer name far1',
    'link set far1 up',
    'link set eth1 up',
    'addr add 10.10.0.5/24 dev eth1',
    'route append default via 10.0.0.1 dev eth0 metric 100',
    'route append default via 10.10.0.1 dev eth1 metric 100',
  ];
  await host.run('ip', ['-batch', '-'], `${lines.join('\n')}\n`);
  await host.run('sh', ['-c', 'echo 1 > /proc/sys/net/ipv4/conf/eth1/rp_filter']);
  await host.run('sh', [
    '-c',
    'echo nameserver 192.0.2.53 > /run/resolv && cp --remove-destination /run/resolv /etc/resolv.conf',
  ]);
});
afterAll(() => host.stop());

const read = async () => {
  const { status, body } = await host.client('GET', '/v1/routing');
  expect(status).toBe(200);
  return routingStateSchema.parse(body);
};

it('answers the guide’s picture and what is wrong with it', async () => {
  const state = await read();
  expect(state.outputs.route.text).toBe((await host.run('route', ['-n'])).stdout);
  expect(state.outputs.ip.text).toBe((await host.run('ip', ['route'])).stdout);
  expect(state.defaults.ipv4.map(({ route, standing, subnet }) => [route.device, standing, subnet])).toEqual([
    ['eth0', 'wins', '10.0.0.0/24'],
    ['eth1', 'loses', '10.10.0.0/24'],
  ]);
  expect(state.problems).toEqual([
    { code: 'severalDefaults', family: 'ipv4', device: null, gateway: null, by: null },
    { code: 'repliesElsewhere', family: 'ipv4', device: 'eth1', gateway: null, by: 'eth0' },
    { code: 'reversePathDrops', family: 'ipv4', device: 'eth1', gateway: null, by: null },
  ]);
  expect(state.interfaces.find(({ name }) => name === 'eth1')).toMatchObject({
    up: true,
    carrier: true,
    reversePathFilter: 1,
    mtu: 1500,
    addresses: [{ family: 'ipv4', address: '10.10.0.5', prefix: 24, scope: 'global' }, { family: 'ipv6' }],
  });
});

it('names the console of the very connection, and the name server', async () => {
  const { peers } = await read();
  const console = peers.find(({ peer }) => peer.kind === 'console');
  expect(console).toMatchObject({
    peer: { address: '10.0.0.1', local: '10.0.0.2' },
    way: { outcome: 'route', route: { destination: '10.0.0.0/24', device: 'eth0' } },
    asymmetric: false,
  });
  expect(peers).toContainEqual(
    expect.objectContaining({ peer: { kind: 'dns', address: '192.0.2.53', local: null } }),
  );
});

it('has a revision that a route changes, and neither time nor a cable', async () => {
  const before = await read();
  await host.run('ip', ['link', 'set', 'far1', 'down']);
  const unplugged = await read();
  expect(unplugged.revision).toBe(before.revision);
  expect(unplugged.problems.map(({ code, device }) => [code, device])).toContainEqual([
    'interfaceDown',
    'eth1',
  ]);
  await host.run('ip', ['link', 'set', 'far1', 'up']);
  await host.run('ip', ['route', 'add', '192.0.2.0/24', 'via', '10.10.0.1']);
  expect((await read()).revision).not.toBe(before.revision);
  await host.run('ip', ['route', 'del', '192.0.2.0/24']);
  expect((await read()).revision).toBe(before.revision);
});

it('takes no query', async () => {
  expect((await host.client('GET', '/v1/routing?x=1')).status).toBe(400);
});

it('judges an edit, and changes nothing', async () => {
  const before = await read();
  const edits = [{ type: 'keepDefault', family: 'ipv4', gateway: '10.0.0.1', device: 'eth0' }];
  const { status, body } = await host.client('POST', '/v1/routing/check', { edits, peers: ['203.0.113.7'] });
  expect(status).toBe(200);
  const { plan, revision } = routingCheckedSchema.parse(body);
  expect(revision).toBe(before.revision);
  expect(plan?.commands.map(({ route }) => route)).toEqual(['sudo route del default gw 10.10.0.1 dev eth1']);
  const rows = before.outputs.route.text.split('\n').filter((row) => !row.includes('10.10.0.1 '));
  expect(plan?.table).toBe(rows.join('\n'));
  expect(plan?.peers.map(({ peer, way }) => [peer.kind, way])).toEqual([
    ['console', 'kept'],
    ['given', 'kept'],
    ['dns', 'kept'],
  ]);
  expect((await read()).revision).toBe(before.revision);

  const wrong = [{ type: 'delete', family: 'ipv4', specification: 'default' }];
  expect((await host.client('POST', '/v1/routing/check', { edits: wrong })).body).toMatchObject({
    plan: null,
    errors: [{ field: 'edits.0.specification', code: 'route.notFound' }],
  });
  expect((await host.client('POST', '/v1/routing/check', { edits: [{ type: 'flush' }] })).status).toBe(400);
});
