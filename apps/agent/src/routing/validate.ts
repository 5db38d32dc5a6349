import type { FieldError, HostInterface, NetworkRoute, RouteEdit } from '@moru/types';
import {
  contains,
  isBroadcast,
  isNetwork,
  networkOf,
  parseAddress,
  parseDestination,
  printAddress,
  printDestination,
} from './address.ts';
import { subnetsOf } from './judge.ts';
import type { RoutingFacts } from './read.ts';
import { pathMetrics, specify } from './specification.ts';

/** A field of an edit that is wrong; the planner adds which edit. */
export type Fault = Pick<FieldError, 'field' | 'code' | 'detail'>;

const device = /^[A-Za-z0-9_][A-Za-z0-9_.:@-]{0,14}$/;
const isLinkLocal = (address: string) => /^fe[89ab]/.test(address);

/**
 * Why a route is left alone; null when it may be deleted. `kernel` routes belong to addresses; an advertised one comes
 * back with the next advertisement, whatever is deleted here.
 */
export function untouchable(route: NetworkRoute): string | null {
  if (route.unread !== '') return 'route.unread';
  if (route.table !== 'main') return 'route.otherTable';
  if (route.protocol === 'kernel' || route.protocol === 'redirect') return 'route.kernel';
  if (route.protocol === 'ra') return 'route.advertised';
  if (route.type !== 'unicast') return 'route.type';
  // put back, it would stay for ever
  if (route.expires !== null) return 'route.expires';
  if (route.nexthops.length > 0) return 'route.multipath';
  // not ours to name in a batch, which takes quotes and # for its own
  if (route.device === null || !device.test(route.device)) return 'device.name';
  return null;
}

type Wanted = Extract<RouteEdit, { type: 'add' }>;

/** The route that an `add` asks for, as the kernel would show it. */
export function routeOf(edit: Wanted): NetworkRoute {
  const ipv6 = edit.family === 'ipv6';
  const draft = {
    family: edit.family,
    table: 'main',
    type: 'unicast',
    destination: edit.destination,
    gateway: edit.gateway,
    device: edit.device,
    source: edit.source,
    // 0 stands for 1024 with IPv6 (IP6_RT_PRIO_USER)
    metric: edit.metric === null || (ipv6 && edit.metric === 0) ? (ipv6 ? 1024 : 0) : edit.metric,
    protocol: 'boot',
    scope: ipv6 || edit.gateway !== null ? 'global' : 'link',
    flags: [],
    options: {},
    preference: ipv6 ? 'medium' : null,
    nexthops: [],
    expires: null,
    unread: '',
  };
  return { ...draft, specification: specify(draft) };
}

/**
 * A route that is to be made, every field read by us and printed anew, or what is wrong with it. Nothing of the text
 * that came in reaches `ip`.
 */
export function checkNew(
  given: NetworkRoute,
  facts: RoutingFacts,
): { route: NetworkRoute } | { faults: Fault[] } {
  const faults: Fault[] = [];
  const fault = (field: string, code: string) => faults.push({ field, code });

  const destination = parseDestination(given.destination, given.family);
  if (!destination) fault('destination', 'address.invalid');
  else if (!isNetwork(destination)) fault('destination', 'address.hostBits');
  const link = facts.interfaces.find(({ name }) => name === given.device);
  if (!link || !device.test(link.name)) fault('device', 'device.unknown');
  else if (!link.up) fault('device', 'device.down');
  else if (link.name === 'lo') fault('device', 'device.loopback');

  const gateway = given.gateway === null ? null : parseAddress(given.gateway);
  const onlink = given.flags.includes('onlink');
  if (given.gateway !== null) {
    if (gateway?.family !== given.family) fault('gateway', 'address.invalid');
    else if (isOwn(printAddress(gateway), facts)) fault('gateway', 'gateway.own');
    else if (link?.up && !onlink) {
      const code = unreachable(printAddress(gateway), link, facts);
      if (code) fault('gateway', code);
    }
  } else if (destination?.length === 0) fault('gateway', 'gateway.missing');

  const source = given.source === null ? null : parseAddress(given.source);
  if (given.source !== null) {
    if (source?.family !== given.family) fault('source', 'address.invalid');
    else if (!isOwn(printAddress(source), facts)) fault('source', 'source.notOwn');
  }

  if (!/^[a-z][a-z0-9_]{0,31}$/.test(given.protocol)) fault('protocol', 'protocol.invalid');
  if (!/^(?:global|link|site)$/.test(given.scope)) fault('scope', 'scope.invalid');
  if (given.preference !== null && !/^(?:low|medium|high)$/.test(given.preference)) {
    fault('preference', 'preference.invalid');
  }
  if (Object.entries(given.options).some(([name, value]) => !pathMetrics.includes(name) || value < 0)) {
    fault('options', 'option.invalid');
  }
  if (given.metric < 0 || given.metric > 0xffffffff) fault('metric', 'metric.invalid');
  if (faults.length > 0 || !destination) return { faults };

  const draft = {
    ...given,
    destination: printDestination(destination),
    gateway: gateway && printAddress(gateway),
    source: source && printAddress(source),
    flags: onlink ? ['onlink'] : [],
    expires: null,
  };
  const route = { ...draft, specification: specify(draft) };
  const reason = untouchable(route);
  return reason ? { faults: [{ field: 'route', code: reason }] } : { route };
}

function isOwn(address: string, { interfaces }: RoutingFacts): boolean {
  const wanted = parseAddress(address);
  return interfaces.some((link) =>
    link.addresses.some((own) => {
      const parsed = parseAddress(own.address);
      return parsed?.family === wanted?.family && parsed?.bits === wanted?.bits;
    }),
  );
}

/** Why the gateway cannot be reached over that interface itself; null when it can. */
function unreachable(gateway: string, link: HostInterface, { routes }: RoutingFacts): string | null {
  const address = parseAddress(gateway);
  if (!address) return 'address.invalid';
  if (isLinkLocal(gateway)) return null;
  const subnets = subnetsOf(link, address.family).filter((subnet) => contains(subnet, address));
  if (subnets.some((subnet) => isBroadcast(subnet, address))) return 'gateway.broadcast';
  if (
    subnets.some(
      (subnet) =>
        subnet.length < 31 &&
        subnet.bits === networkOf({ ...subnet, ...address }).bits &&
        address.bits === subnet.bits,
    )
  ) {
    return 'gateway.network';
  }
  if (subnets.length > 0) return null;
  const direct = routes.some((route) => {
    if (route.device !== link.name || route.gateway !== null || route.table !== 'main') return false;
    const prefix = route.type === 'unicast' ? parseDestination(route.destination, route.family) : null;
    return prefix !== null && contains(prefix, address);
  });
  return direct ? null : 'gateway.offLink';
}
