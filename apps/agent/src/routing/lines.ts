import type { NetworkRoute } from '@moru/types';

/** Routes of one group are equals: of IPv4 the first wins, over those of IPv6 the kernel spreads. */
export function groupOf({ family, table, destination, metric }: NetworkRoute): string {
  return `${family} ${table} ${destination} ${metric}`;
}

/** What `ip route del` compares in a route whose specification says neither source nor path metrics. */
const comparedByDelete = (route: NetworkRoute) =>
  [groupOf(route), route.type, route.gateway, route.device, route.protocol, route.scope].join(' ');

/**
 * Whether a delete of `route` could take `other` away: the kernel does not compare what is not said, nor `onlink`
 * (fib_table_delete and fib_nh_match).
 */
export const mistakable = (route: NetworkRoute, other: NetworkRoute): boolean =>
  route.specification !== other.specification && comparedByDelete(route) === comparedByDelete(other);

const equals = (a: NetworkRoute, b: NetworkRoute) =>
  groupOf(a) === groupOf(b) && a.specification === b.specification;

export const includes = (routes: readonly NetworkRoute[], route: NetworkRoute): boolean =>
  routes.some((other) => equals(route, other));

/** A gateway must be on the link when its route is made: what has none comes first. */
const gatewaysLast = (routes: readonly NetworkRoute[]) =>
  [...routes].sort((a, b) => Number(a.gateway !== null) - Number(b.gateway !== null));

const batch = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

export interface Addition {
  route: NetworkRoute;
  place: 'first' | 'last';
}

/**
 * Input of `ip -4|-6 -batch -` that makes the change from the very routes that it was planned on; the first line that
 * fails ends it. What is new stands before anything goes, so that there is a way at every moment.
 */
export function applyLines(deleted: readonly NetworkRoute[], added: readonly Addition[]): string {
  const places = new Map(added.map(({ route, place }) => [route, place]));
  const verb = (route: NetworkRoute) =>
    route.family === 'ipv4' && places.get(route) === 'first' ? 'prepend' : 'append';
  return batch([
    ...gatewaysLast(added.map(({ route }) => route)).map(
      (route) => `route ${verb(route)} ${route.specification}`,
    ),
    ...gatewaysLast(deleted)
      .reverse()
      .map((route) => `route del ${route.specification}`),
  ]);
}

/**
 * Input of `ip -4|-6 -force -batch FILE` that brings the groups of `touched` routes back to what `before` has, from
 * that change, from any part of it, and from a revert that was cut off. Lines that find their work done fail, which
 * -force passes over: the exit code says nothing, a reading does.
 *
 * A delete takes the first route that fits, and one without a metric fits any. So each is preceded by an `append`:
 * then the exact route is there, and it is found first. The first of a group is never deleted: there is a way at every
 * moment. The others go and come again behind it, which puts them in order.
 */
export function revertLines(before: readonly NetworkRoute[], touched: readonly NetworkRoute[]): string {
  const lines: string[] = [];
  const groups = new Map(gatewaysLast(touched).map((route) => [groupOf(route), route.family]));
  for (const [group, family] of groups) {
    const [first, ...others] = before.filter((route) => groupOf(route) === group);
    // before what somebody else put there meanwhile
    if (first) lines.push(`route ${family === 'ipv4' ? 'prepend' : 'append'} ${first.specification}`);
    for (const { specification } of others) {
      lines.push(
        `route append ${specification}`,
        `route del ${specification}`,
        `route append ${specification}`,
      );
    }
  }
  for (const route of touched) {
    if (includes(before, route)) continue;
    lines.push(`route append ${route.specification}`, `route del ${route.specification}`);
  }
  return batch(lines);
}
