import type { NetworkRoute, RoutingState } from '@moru/types';
import { describe, expect, test } from 'vitest';
import { readRoutes } from './read-route.ts';

const route = (specification: string, more: Partial<NetworkRoute>): NetworkRoute => ({
  ...{ family: 'ipv4', table: 'main', type: 'unicast', destination: 'default', gateway: null, device: null },
  ...{ source: null, metric: 0, protocol: 'boot', scope: 'global', flags: [], options: {}, preference: null },
  ...{ nexthops: [], expires: null, unread: '', specification },
  ...more,
});
const first = route('default via 10.0.0.1 dev eth0', { gateway: '10.0.0.1', device: 'eth0' });
const second = route('default via 10.10.0.1 dev eth1', { gateway: '10.10.0.1', device: 'eth1' });
const kernel = (network: string, device: string) =>
  route(`${network} dev ${device}`, { destination: network, device, protocol: 'kernel', scope: 'link' });
const routes = [first, second, kernel('10.0.0.0/24', 'eth0'), kernel('10.10.0.0/24', 'eth1')];
const state = { routes } as RoutingState;

const read = (text: string) => readRoutes(text, state);
const only = (text: string) => read(text).commands[0];
const deletion = ({ family, specification }: NetworkRoute) => ({ type: 'delete', family, specification });

describe('the guide’s repair, as it is typed', () => {
  test.each([
    'sudo route del default gw 10.10.0.1 dev eth1',
    'sudo route del default gw 10.10.0.1 eth1',
    'route del default eth1',
    'sudo ip route del default via 10.10.0.1',
    'ip r delete default dev eth1',
  ])('%s', (text) => {
    expect(read(text).edits).toEqual([deletion(second)]);
  });

  test.each([
    ['route -n', 'route'],
    ['sudo route', 'route'],
    ['netstat -rn', 'route'],
    ['ip route', 'ip'],
    ['ip -6 route show', 'ip6'],
  ] as const)('%s shows the table', (text, view) => {
    expect(only(text)).toMatchObject({ meaning: { kind: 'view', view } });
    expect(read(text).edits).toEqual([]);
  });

  test('two default routes of one metric: which of them wins', () => {
    expect(only('route -n')?.advice).toEqual([
      { code: 'route.severalDefaults', severity: 'warning', params: { gateway: '10.0.0.1', device: 'eth0' } },
    ]);
  });
});

test('several commands see what those before them did', () => {
  const both = read('route del default ; route del default');
  expect(both.edits).toEqual([deletion(first), deletion(second)]);
  expect(both.commands[1]?.advice.map(({ code }) => code)).toEqual(['route.lastDefault']);
  expect(read('route del default eth1 ; route del default eth1')).toMatchObject({
    edits: [],
    commands: [{ meaning: { kind: 'edits' } }, { meaning: { kind: 'refused', why: 'missing' } }],
  });
});

test('what is added: the interface is the one whose subnet holds the gateway', () => {
  const added = { ...{ type: 'add', family: 'ipv4', gateway: '10.10.0.1', device: 'eth1' }, source: null };
  expect(read('ip route add 10.20.0.0/16 via 10.10.0.1').edits).toEqual([
    { ...added, destination: '10.20.0.0/16', metric: null, place: 'first' },
  ]);
  expect(read('route add default gw 10.10.0.1 metric 200').edits).toEqual([
    { ...added, destination: 'default', metric: 200, place: 'first' },
  ]);
  expect(read('ip route append default via 10.10.0.1 dev eth1').edits).toMatchObject([{ place: 'last' }]);
  expect(only('route add default gw 192.0.2.1')).toMatchObject({ meaning: { why: 'noDevice' } });
});

test('a replaced route goes and the new one comes', () => {
  expect(read('ip route replace default via 10.0.0.9 dev eth0').edits).toMatchObject([
    deletion(first),
    { type: 'add', gateway: '10.0.0.9', device: 'eth0' },
  ]);
});

test.each([
  ['ip route del 10.0.0.0/24', 'kernel'],
  ['ip route del 172.16.0.0/12', 'missing'],
  ['iptables -L', 'rules'],
] as const)('%s is refused with its reason', (text, why) => {
  expect(only(text)?.meaning).toEqual({ kind: 'refused', why });
  expect(read(text).edits).toEqual([]);
});

test('what cannot be read is named, and nothing of the rest is done', () => {
  const typed = read('route del default eth1 ; route kill default');
  expect(typed.commands[1]?.meaning).toMatchObject({ kind: 'error', error: { code: 'route.command' } });
  expect(typed.edits).toEqual([]);
});

test('a blank of a web page is mended in sight', () => {
  const { text, repairs } = read('route\u00a0-n');
  expect(text).toBe('route -n');
  expect(repairs).toHaveLength(1);
});
