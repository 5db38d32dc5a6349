import type { NetworkRoute, RoutesDifference } from '@moru/types';
import { includes } from './lines.ts';
import { passing } from './revision.ts';

/** Routes of the main table that stay until somebody takes them away. */
export const lastingRoutes = (routes: readonly NetworkRoute[]): NetworkRoute[] =>
  routes.filter((route) => route.table === 'main' && !passing(route));

/** Those of them that somebody made: what belongs to an address comes and goes with it. */
export const madeRoutes = (routes: readonly NetworkRoute[]): NetworkRoute[] =>
  lastingRoutes(routes).filter((route) => route.protocol !== 'kernel');

/** What went and what came from one list of routes to another; order among equals is left out. */
export function routesDifference(
  from: readonly NetworkRoute[],
  to: readonly NetworkRoute[],
): RoutesDifference {
  const [before, after] = [lastingRoutes(from), lastingRoutes(to)];
  return {
    deleted: before.filter((route) => !includes(after, route)),
    added: after.filter((route) => !includes(before, route)),
  };
}
