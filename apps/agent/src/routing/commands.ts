import type { NetworkRoute, RouteCommand } from '@moru/types';

function target(route: NetworkRoute): string {
  if (route.destination === 'default') return 'default';
  return route.destination.endsWith('/32')
    ? `-host ${route.destination.slice(0, -'/32'.length)}`
    : `-net ${route.destination}`;
}

/** `route del default gw 10.10.0.1 dev eth1`, with the metric only where it is needed to tell two apart. */
function guideDelete(route: NetworkRoute, before: readonly NetworkRoute[]): string | null {
  if (route.family !== 'ipv4') return null;
  const twins = before.filter(
    (other) =>
      other.table === 'main' &&
      other.destination === route.destination &&
      other.gateway === route.gateway &&
      other.device === route.device,
  );
  const words = ['sudo route del', target(route)];
  if (route.gateway !== null) words.push(`gw ${route.gateway}`);
  if (twins.length > 1 && route.metric > 0) words.push(`metric ${route.metric}`);
  words.push(`dev ${route.device}`);
  return words.join(' ');
}

const ip = ({ family }: NetworkRoute) => (family === 'ipv4' ? 'sudo ip route' : 'sudo ip -6 route');

/** The commands of a change, those that add before those that delete. */
export function shownCommands(
  deleted: readonly NetworkRoute[],
  added: readonly NetworkRoute[],
  before: readonly NetworkRoute[],
): RouteCommand[] {
  return [
    ...added.map((route) => ({ route: null, ip: `${ip(route)} append ${route.specification}` })),
    ...deleted.map((route) => ({
      route: guideDelete(route, before),
      ip: `${ip(route)} del ${route.specification}`,
    })),
  ];
}
