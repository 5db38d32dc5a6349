import type { NetworkRoute, PolicyRule, RouteLookup } from '@moru/types';
import { type Address, contains, parseDestination } from './address.ts';
import { isStandard } from './parse-rules.ts';

const refuses = ['blackhole', 'unreachable', 'prohibit'];

/** The order in which the kernel's own policy rules ask. */
const tables = ['local', 'main', 'default'];

/** The best of one table: longest prefix, then lowest metric, then the first in the kernel's order. */
function bestIn(routes: readonly NetworkRoute[], destination: Address): NetworkRoute | null {
  let best: NetworkRoute | null = null;
  let length = -1;
  for (const route of routes) {
    const prefix = parseDestination(route.destination, route.family);
    if (!prefix || !contains(prefix, destination) || route.flags.includes('dead')) continue;
    if (best && (prefix.length < length || (prefix.length === length && route.metric >= best.metric)))
      continue;
    best = route;
    length = prefix.length;
  }
  return best;
}

/**
 * Where a packet of this host to `destination` goes. `unknown` where policy rules beyond the standard three could
 * decide, or where the route that wins is not understood. A route without a carrier counts: the kernel uses it too,
 * unless ignore_routes_with_linkdown is set.
 */
export function lookup(
  routes: readonly NetworkRoute[],
  rules: readonly PolicyRule[],
  destination: Address,
): RouteLookup {
  const { family } = destination;
  if (!isStandard(rules, family)) return { outcome: 'unknown', reason: 'policyRules' };
  const own = routes.filter((route) => route.family === family);
  for (const table of tables) {
    const route = bestIn(
      own.filter((candidate) => candidate.table === table),
      destination,
    );
    if (!route || route.type === 'throw') continue;
    if (route.unread !== '') return { outcome: 'unknown', reason: 'unreadRoute' };
    return refuses.includes(route.type) ? { outcome: 'none', route } : { outcome: 'route', route };
  }
  return { outcome: 'none', route: null };
}
