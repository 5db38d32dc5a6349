import type { RouteChange, RouteCommand } from './route-command.ts';

/** A route of the host as it is listed. */
export interface HostRoute {
  /** canonical with prefix length */
  destination: string;
  gateway: string | null;
  device: string | null;
  metric: number;
}

/** Something to know of a route command before it runs. */
export interface RouteAdvice {
  code: /** several default routes: the one with the least metric wins, the first listed of equals (params gateway, device) */
    | 'route.severalDefaults'
    /** no way out of the host's own networks is left */
    | 'route.lastDefault'
    /** nothing is there to delete */
    | 'route.missing'
    /** several routes fit; the first goes (params gateway, device) */
    | 'route.first';
  severity: 'info' | 'warning';
  params: Record<string, string | number>;
}

/** What a route command does and does not do on a host with these routes, in the order that the host lists them. */
export function explainRoute(command: RouteCommand, routes: readonly HostRoute[]): RouteAdvice[] {
  if (command.kind === 'showRoutes') return severalDefaults(routes);
  const same = routes.filter((route) => route.destination === command.destination);
  if (command.kind !== 'deleteRoute') {
    if (!isDefault(command.destination) || command.kind === 'replaceRoute') return [];
    const { destination, gateway, device, metric } = command;
    const added = { destination, gateway, device, metric: metric ?? 0 };
    // of equals the newest is listed first, unless it is appended
    return severalDefaults(command.kind === 'appendRoute' ? [...routes, added] : [added, ...routes]);
  }
  const fitting = same.filter((route) => fits(route, command));
  const [first, second] = fitting;
  if (!first)
    return [{ code: 'route.missing', severity: 'warning', params: { destination: command.destination } }];
  const left = routes.filter((route) => route !== first);
  const several: RouteAdvice[] = second
    ? [{ code: 'route.first', severity: 'warning', params: named(first) }]
    : [];
  if (!isDefault(command.destination)) return several;
  if (left.some((route) => isDefault(route.destination))) return [...several, ...severalDefaults(left)];
  return [...several, { code: 'route.lastDefault', severity: 'warning', params: named(first) }];
}

const isDefault = (destination: string): boolean => destination === '0.0.0.0/0' || destination === '::/0';

const named = ({ gateway, device }: HostRoute) => ({ gateway: gateway ?? '', device: device ?? '' });

function fits(route: HostRoute, { gateway, device, metric }: RouteChange): boolean {
  return (
    (gateway === null || gateway === route.gateway) &&
    (device === null || device === route.device) &&
    (metric === null || metric === route.metric)
  );
}

function severalDefaults(routes: readonly HostRoute[]): RouteAdvice[] {
  const [first, ...others] = routes.filter((route) => isDefault(route.destination));
  if (!first || others.length === 0) return [];
  const winner = others.reduce((best, route) => (route.metric < best.metric ? route : best), first);
  return [{ code: 'route.severalDefaults', severity: 'warning', params: named(winner) }];
}
