import type { AccessCause, NetworkRoute, RouteLookup } from '@moru/types';
import { contains, parseAddress } from '../routing/address.ts';
import { subnetsOf } from '../routing/judge.ts';
import { lookup } from '../routing/lookup.ts';
import type { RoutingFacts } from '../routing/read.ts';

/** Where packets to somebody leave, before and after a change of routes. */
export interface Way {
  now: RouteLookup;
  draft: RouteLookup;
}

/** The routes of now and as they are wanted. */
export interface RouteSides {
  facts: RoutingFacts;
  wanted: readonly NetworkRoute[];
}

export function wayOf({ facts, wanted }: RouteSides, text: string): Way {
  const address = parseAddress(text);
  if (!address) return { now: { outcome: 'none', route: null }, draft: { outcome: 'none', route: null } };
  return { now: lookup(facts.routes, facts.rules, address), draft: lookup(wanted, facts.rules, address) };
}

export const deviceOf = (found: RouteLookup): string | null =>
  found.outcome === 'route' ? found.route.device : null;

const exitOf = (found: RouteLookup) =>
  found.outcome === 'route' ? `${found.route.device} ${found.route.gateway}` : '';

/** Why an answer may not arrive, as far as routes tell; `answers`: a way that has to stay what it was. */
export function routeTrouble(
  way: Way,
  side: keyof Way,
  answers: boolean,
): [lost: boolean, AccessCause] | null {
  const found = way[side];
  if (found.outcome === 'unknown') return [false, 'policyRules'];
  if (found.outcome === 'none') return [true, 'noRoute'];
  if (answers && side === 'draft' && way.now.outcome === 'route' && exitOf(way.now) !== exitOf(found)) {
    return [false, 'otherWay'];
  }
  return null;
}

const strict = 1;
const loose = 2;

/** Whether the host itself drops what comes in by `device` from somebody (rp_filter, for IPv4). */
export function dropsReversePath({ facts }: RouteSides, device: string | null, found: RouteLookup): boolean {
  const filter = facts.interfaces.find(({ name }) => name === device)?.reversePathFilter ?? 0;
  if (found.outcome === 'unknown') return false;
  if (filter === strict) return deviceOf(found) !== device;
  return filter === loose && found.outcome === 'none';
}

/** The interface that holds an address; null where none does. */
export const holderOf = ({ interfaces }: RoutingFacts, local: string | null): string | null =>
  interfaces.find(({ addresses }) => addresses.some(({ address }) => address === local))?.name ?? null;

/** The address by which somebody most likely comes: of the interface on their subnet, or of the way to them. */
export function localFor(sides: RouteSides, peer: string): string | null {
  const address = parseAddress(peer);
  if (!address) return null;
  const { interfaces } = sides.facts;
  const near = interfaces.find((link) =>
    subnetsOf(link, address.family).some((subnet) => contains(subnet, address)),
  );
  const device = near?.name ?? deviceOf(wayOf(sides, peer).now);
  const link = interfaces.find(({ name }) => name === device);
  const own = link?.addresses.find(({ family, scope }) => family === address.family && scope !== 'link');
  return own?.address ?? null;
}
