import type { RouteEdit } from '@moru/types';
import { routeEditSchema } from '@moru/types';
import { describe, expect, it } from 'vitest';
import { planRoutes } from './plan.ts';
import { factsOf, routes4 } from './testing/facts.ts';

const codes = (edit: RouteEdit, text = routes4, ipv6 = '') => {
  const outcome = planRoutes(factsOf(text, ipv6), [edit]);
  return 'errors' in outcome ? outcome.errors.map(({ field, code }) => `${field} ${code}`) : outcome.plan;
};

const add = {
  type: 'add',
  family: 'ipv4',
  destination: '192.0.2.0/24',
  gateway: '10.10.0.1',
  device: 'eth1',
  metric: null,
  source: null,
  place: 'last',
} as const;

it.each([
  [{ destination: '192.0.2.1/24' }, 'destination address.hostBits'],
  [{ destination: '2001:db8::/32' }, 'destination address.invalid'],
  [{ device: 'eth7' }, 'device device.unknown'],
  [{ gateway: '10.11.0.1' }, 'gateway gateway.offLink'],
  [{ gateway: '198.168.0.1' }, 'gateway gateway.offLink'],
  [{ gateway: '10.10.0.5' }, 'gateway gateway.own'],
  [{ gateway: '10.10.0.255' }, 'gateway gateway.broadcast'],
  [{ gateway: '10.10.0.0' }, 'gateway gateway.network'],
  [{ gateway: '010.10.0.1' }, 'gateway address.invalid'],
  [{ gateway: 'fd00::1' }, 'gateway address.invalid'],
  [{ destination: 'default', gateway: null }, 'gateway gateway.missing'],
  [{ source: '10.10.0.6' }, 'source source.notOwn'],
  [{ destination: 'default', metric: 100 }, 'route route.exists'],
])('refuses to add %j', (wrong, wanted) => {
  expect(codes({ ...add, ...wrong })).toEqual([`edits.0.${wanted}`]);
});

it.each([
  ['unicast default via 10.10.0.1 dev eth1 table main proto ra scope global metric 100', 'route.advertised'],
  ['unicast 10.10.0.0/24 dev eth1 table main proto kernel scope link src 10.10.0.5', 'route.kernel'],
  ['unicast default via 10.10.0.1 dev eth1 table 100 proto boot scope global', 'route.otherTable'],
  ['unicast default via 10.10.0.1 dev eth1 table main proto boot scope global encap mpls 1', 'route.unread'],
  [
    'unicast 192.0.2.0/24 via 10.10.0.1 dev eth1 table main proto boot scope global expires 90sec',
    'route.expires',
  ],
  ['blackhole 192.0.2.0/24 table main proto boot scope global', 'route.type'],
  [
    'unicast default table main proto boot scope global \\\tnexthop via 10.10.0.1 dev eth1 weight 1 \\\tnexthop via 10.10.0.2 dev eth1 weight 1',
    'route.multipath',
  ],
  ['unicast default via 10.10.0.1 dev e"1 table main proto boot scope global', 'device.name'],
])('leaves alone: %s', (line, code) => {
  const specification = factsOf(line).routes[0]?.specification ?? '';
  expect(codes({ type: 'delete', family: 'ipv4', specification }, line)).toEqual([
    `edits.0.specification ${code}`,
  ]);
});

it('refuses what a delete could mistake for another route', () => {
  const twin = 'unicast default via 10.10.0.1 dev eth1 table main proto boot scope global metric 100';
  const text = `${twin} mtu 1400\n${twin}\n`;
  const specification = factsOf(twin).routes[0]?.specification ?? '';
  expect(codes({ type: 'delete', family: 'ipv4', specification }, text)).toEqual(['edits route.inexact']);
});

it('refuses to change the order of what stays', () => {
  const facts = factsOf();
  const [eth0] = facts.routes;
  if (!eth0) throw new Error('no route');
  const outcome = planRoutes(facts, [
    { type: 'delete', family: 'ipv4', specification: eth0.specification },
    { type: 'putBack', route: eth0, place: 'last' },
  ]);
  expect(outcome).toEqual({ errors: [{ field: 'edits', code: 'route.order' }] });
});

it('an edit of nothing changes nothing', () => {
  const outcome = planRoutes(factsOf(), []);
  expect(outcome).toMatchObject({
    plan: { apply: { ipv4: '', ipv6: '' }, revert: { ipv4: '', ipv6: '' }, commands: [] },
  });
});

it('warns when no default gateway is left, and of a lease', () => {
  const text =
    'unicast default via 10.10.0.1 dev eth1 table main proto dhcp scope global src 10.10.0.5 metric 100';
  const specification = factsOf(text).routes[0]?.specification ?? '';
  expect(codes({ type: 'delete', family: 'ipv4', specification }, text)).toMatchObject({
    warnings: [{ code: 'noDefaultLeft' }, { code: 'leased', specification }],
  });
});

it('shows the metric in the guide’s command only where it tells two apart', () => {
  const twice = `${routes4}unicast default via 10.10.0.1 dev eth1 table main proto boot scope global metric 200\n`;
  const specification = 'default via 10.10.0.1 dev eth1 proto boot scope global metric 200';
  expect(codes({ type: 'delete', family: 'ipv4', specification }, twice)).toMatchObject({
    commands: [{ route: 'sudo route del default gw 10.10.0.1 metric 200 dev eth1' }],
  });
});

describe('T2: nothing that comes in reaches ip as it came', () => {
  const hostile = [
    '-4',
    'eth1\nroute flush table main',
    'eth1 #',
    '"',
    'eth1 via 1.2.3.4',
    '\\',
    '',
    '--',
    '-force',
  ];
  const route = factsOf().routes[1];

  it.each(hostile)('%j', (value) => {
    for (const field of ['device', 'gateway', 'source', 'destination']) {
      expect(routeEditSchema.safeParse({ ...add, [field]: value }).success).toBe(false);
    }
    const fields = [
      'device',
      'gateway',
      'source',
      'destination',
      'protocol',
      'scope',
      'preference',
      'table',
      'type',
      'unread',
    ];
    for (const field of fields) {
      // nothing unread is how it has to be
      if (field === 'unread' && value === '') continue;
      const edit = {
        type: 'putBack',
        route: { ...route, metric: 7, [field]: value },
        place: 'last',
      } as RouteEdit;
      expect(codes(edit), field).toEqual([expect.stringMatching(/^edits\.0\./)]);
    }
    const options = { ...route, metric: 7, options: { [value]: 1 } };
    expect(codes({ type: 'putBack', route: options, place: 'last' } as RouteEdit)).toEqual([
      'edits.0.options option.invalid',
    ]);
    const said = { ...route, metric: 7, specification: value, flags: [value] };
    expect(codes({ type: 'putBack', route: said, place: 'last' } as RouteEdit)).toMatchObject({
      apply: { ipv4: 'route append default via 10.10.0.1 dev eth1 proto boot scope global metric 7\n' },
    });
  });
});
