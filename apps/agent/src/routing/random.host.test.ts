import type { Family, NetworkRoute, RouteEdit } from '@moru/types';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { planRoutes } from './plan.ts';
import { revisionOf } from './revision.ts';
import { type RoutedHost, startRoutedHost } from './testing/two-gateways.ts';

const rounds = Number(process.env.ROUTING_ROUNDS ?? 12);

let host: RoutedHost;

beforeAll(async () => {
  host = await startRoutedHost();
});
afterAll(() => host.stop());

/** mulberry32: the same rounds every time. */
function random(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const pick = <Item>(items: readonly [Item, ...Item[]]): Item => items[below(items.length)] ?? items[0];
  return { below, pick };
}
type Random = ReturnType<typeof random>;

const networks = {
  ipv4: {
    eth0: '198.168.0.',
    eth1: '10.10.0.',
    destinations: ['default', '192.0.2.0/24', '192.0.2.0/28', '192.0.2.1/32'],
  },
  ipv6: { eth0: 'fd00:1::', eth1: 'fd00:2::', destinations: ['default', '2001:db8::/32', '2001:db8::1/128'] },
} as const;

/** Few gateways, metrics and destinations, so that equals and near equals are the rule. */
function addition({ below, pick }: Random): Extract<RouteEdit, { type: 'add' }> {
  const family = pick<Family>(['ipv4', 'ipv4', 'ipv6']);
  const device = pick(['eth0', 'eth1'] as const);
  const { destinations, ...subnets } = networks[family];
  return {
    type: 'add',
    family,
    device,
    // half of them are equals or nearly so: that is where order counts
    destination: destinations[Math.max(0, below(2 * destinations.length) - destinations.length)] ?? 'default',
    gateway: `${subnets[device]}${below(3) + 1}`,
    metric: pick([null, 100, 100, 200]),
    source: null,
    place: pick(['first', 'last'] as const),
  };
}

const flag = { ipv4: '-4', ipv6: '-6' };
const families = ['ipv6', 'ipv4'] as const;

async function fill(chance: Random): Promise<void> {
  for (const family of families) await host.ip(`${flag[family]} route flush proto boot`);
  for (let made = 0; made < 7; made++) {
    const { family, destination, gateway, device, metric } = addition(chance);
    const more = family === 'ipv4' ? chance.pick(['', '', ' mtu 1400', ' proto static']) : '';
    const words = `${flag[family]} route append ${destination} via ${gateway} dev ${device}`;
    // one that is there already is refused
    await host.run('ip', `${words}${metric === null ? '' : ` metric ${metric}`}${more}`.split(' '));
  }
}

function editsOf(chance: Random, routes: readonly NetworkRoute[]): RouteEdit[] {
  const made = routes.filter(({ protocol, table }) => protocol !== 'kernel' && table === 'main');
  return Array.from({ length: 1 + chance.below(4) }, () => {
    const route = made[chance.below(made.length)];
    return route && chance.below(2) === 0
      ? { type: 'delete', family: route.family, specification: route.specification }
      : addition(chance);
  });
}

it(`any change goes where it says, and from any part of it back, ${rounds} times`, async () => {
  let planned = 0;
  for (let seed = 1; planned < rounds && seed < rounds * 20; seed++) {
    const chance = random(seed);
    await fill(chance);
    const facts = await host.facts();
    const outcome = planRoutes(facts, editsOf(chance, facts.routes));
    // an edit of a route twice, one that is there already, or twins: refused, and another round makes up for it
    if ('errors' in outcome) continue;
    const { plan } = outcome;
    if (plan.deleted.length + plan.added.length === 0) continue;
    planned++;
    const before = await host.tables();
    const why = JSON.stringify({ seed, apply: plan.apply, revert: plan.revert, before });
    for (const family of families)
      if (plan.apply[family]) await host.ip(`${flag[family]} -batch -`, plan.apply[family]);
    expect(revisionOf((await host.facts()).routes), why).toBe(plan.to);

    const back = async (part: number) => {
      for (const family of families) {
        const lines = plan.revert[family].split('\n').filter((line) => line !== '');
        const text = lines
          .slice(0, Math.ceil(lines.length * part))
          .map((line) => `${line}\n`)
          .join('');
        if (text) await host.run('ip', [flag[family], '-force', '-batch', '-'], text);
      }
    };
    await back(chance.below(4) / 4);
    await back(1);
    expect(await host.tables(), why).toBe(before);
    await back(1);
    expect(await host.tables(), why).toBe(before);
  }
  expect(planned).toBe(rounds);
});
