import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseAddress, parsePrefix, printDestination } from './address.ts';
import { lookup } from './lookup.ts';
import { printNetRoute } from './net-route.ts';
import { type RoutedHost, startRoutedHost } from './testing/two-gateways.ts';

let host: RoutedHost;

beforeAll(async () => {
  host = await startRoutedHost();
  const lines = [
    'route add 192.0.2.0/24 nexthop via 10.10.0.1 dev eth1 weight 1 nexthop via 198.168.0.1 dev eth0 weight 2',
    'route add blackhole 203.0.113.0/24',
    'route add unreachable 203.0.114.0/24',
    'route add prohibit 203.0.114.7/32 metric 1000000000',
    'route add throw 203.0.115.0/24',
    'route add 203.0.113.128/25 via 10.10.0.2 dev eth1 mtu 1400 advmss 1300 src 10.10.0.5 proto static',
    'route add 203.0.113.128/25 via 10.10.0.3 dev eth1 metric 5',
    'route add 203.0.113.129 via 198.168.0.1',
    'route add 192.0.3.1 via 5.5.5.5 dev eth1 onlink',
    'route add 192.0.4.0/24 via inet6 fd00:1::9 dev eth0',
    'route add 192.0.5.0/24 via 10.10.0.1 mtu lock 1400',
    'route add 192.0.6.0/24 via 10.10.0.1 table 100 proto 77',
    '-6 route add 2001:db8::/32 via fd00:1::1 dev eth0 expires 1000',
    '-6 route add 2001:db8:1::/48 via fe80::1 dev eth1 metric 7',
    '-6 route add unreachable 2001:db9::/32',
  ];
  for (const line of lines) await host.ip(line);
});
afterAll(() => host.stop());

/** As `ip -j -d` says it, of the fields that both have. */
// biome-ignore lint/suspicious/noExplicitAny: the oracle's own words
function fieldsOf(json: any): unknown {
  const prefix = parsePrefix(json.dst);
  return {
    type: json.type,
    destination: prefix ? printDestination(prefix) : json.dst,
    table: json.table,
    protocol: json.protocol,
    scope: json.scope,
    gateway: json.gateway ?? null,
    device: json.dev ?? null,
    source: json.prefsrc ?? null,
    metric: json.metric ?? 0,
    flags: json.flags,
    preference: json.pref ?? null,
    nexthops: (json.nexthops ?? []).map((hop: Record<string, unknown>) => [hop.gateway, hop.dev, hop.weight]),
  };
}

it('reads the same out of the text as iproute2 tells in JSON', async () => {
  const { routes } = await host.facts();
  for (const family of ['ipv4', 'ipv6'] as const) {
    const oracle = JSON.parse(await host.ip(`-j -d ${family === 'ipv4' ? '-4' : '-6'} route show table all`));
    const wanted = oracle.flatMap((json: { nexthops?: { gateway: string; dev: string }[] }) =>
      // the ways of IPv6 are routes of their own
      family === 'ipv6' && json.nexthops
        ? json.nexthops.map(({ gateway, dev }) => fieldsOf({ ...json, gateway, dev, nexthops: [] }))
        : [fieldsOf(json)],
    );
    const read = routes
      .filter((route) => route.family === family && route.unread === '')
      .map(({ nexthops, ...route }) => ({
        ...route,
        nexthops: nexthops.map(({ gateway, device, weight }) => [gateway, device, weight]),
      }));
    const unread = routes.filter((route) => route.family === family && route.unread !== '');
    expect(wanted).toHaveLength(read.length + unread.length);
    for (const route of read) expect(wanted).toContainEqual(expect.objectContaining(pick(route)));
  }
});

function pick(route: Record<string, unknown>): Record<string, unknown> {
  const { family, specification, unread, options, expires, ...rest } = route;
  return rest;
}

it('says what it does not understand, and how long a route stays', async () => {
  const { routes } = await host.facts();
  expect(
    routes.filter(({ unread }) => unread !== '').map(({ destination, unread }) => [destination, unread]),
  ).toEqual([
    ['192.0.4.0/24', 'via inet6 fd00:1::9 dev eth0 table main proto boot scope global'],
    ['192.0.5.0/24', 'mtu lock 1400'],
  ]);
  const leaving = routes.find(({ destination }) => destination === '2001:db8::/32');
  expect(leaving?.expires).toBeGreaterThan(900);
  expect(leaving?.specification).toBe(
    '2001:db8::/32 via fd00:1::1 dev eth0 proto boot metric 1024 pref medium',
  );
});

it('prints what route -n prints, byte for byte', async () => {
  const proc = await host.run('cat', ['/proc/net/route']);
  const real = await host.run('route', ['-n']);
  expect(real.exitCode).toBe(0);
  expect(printNetRoute(proc.stdout)).toBe(real.stdout);
});

it('finds the way that the kernel finds', async () => {
  const { routes, rules } = await host.facts();
  const destinations = [
    '8.8.8.8',
    '10.10.0.77',
    '198.168.0.9',
    '198.168.0.5',
    '127.0.0.9',
    '203.0.113.5',
    '203.0.113.128',
    '203.0.113.200',
    '203.0.113.129',
    '203.0.114.1',
    '203.0.114.7',
    '203.0.115.1',
    '192.0.3.1',
    '192.0.6.1',
    '2001:db8::9',
    '2001:db8:1::9',
    '2001:db9::1',
    'fd00:2::9',
    'fd00:1::5',
    '::1',
  ];
  for (const destination of destinations) {
    const address = parseAddress(destination);
    if (!address) throw new Error(destination);
    const found = lookup(routes, rules, address);
    const { exitCode, stdout } = await host.run('ip', ['-j', 'route', 'get', destination]);
    const [real] = exitCode === 0 ? JSON.parse(stdout) : [];
    if (!real || ['unreachable', 'prohibit', 'blackhole'].includes(real.type)) {
      expect({ destination, outcome: found.outcome }).toEqual({ destination, outcome: 'none' });
      continue;
    }
    if (found.outcome !== 'route') throw new Error(`${destination}: ${found.outcome}`);
    // what is addressed to the host itself goes over lo, whose ever address it is
    const device = found.route.type === 'local' ? 'lo' : found.route.device;
    expect({ destination, device, gateway: found.route.gateway }).toEqual({
      destination,
      device: real.dev,
      gateway: real.gateway ?? null,
    });
  }
});

it('does not judge where policy rules could', async () => {
  await host.ip('rule add from 10.10.0.5 table 100 priority 100');
  const { routes, rules } = await host.facts();
  expect(lookup(routes, rules, { family: 'ipv4', bits: 1n << 31n })).toEqual({
    outcome: 'unknown',
    reason: 'policyRules',
  });
  expect(lookup(routes, rules, parseAddress('fd00:1::9') ?? { family: 'ipv6', bits: 0n }).outcome).toBe(
    'route',
  );
  await host.ip('rule del priority 100');
});
