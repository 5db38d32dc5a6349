import type { HostInterface, NetworkRoute, Peer, PeerWay, PolicyRule, RouteLookup } from '@moru/types';
import { type Address, parseAddress } from './address.ts';
import { lookup } from './lookup.ts';

/** `::ffff:192.0.2.1` is how a socket of both families names an IPv4 peer. */
function addressOf(text: string): Address | null {
  const address = parseAddress(text);
  if (address?.family === 'ipv6' && address.bits >> 32n === 0xffffn) {
    return { family: 'ipv4', bits: address.bits & 0xffffffffn };
  }
  return address;
}

/** By which way a peer is answered now. */
export function wayTo(
  { routes, rules }: { routes: readonly NetworkRoute[]; rules: readonly PolicyRule[] },
  peer: Peer,
): RouteLookup {
  const address = addressOf(peer.address);
  return address ? lookup(routes, rules, address) : { outcome: 'none', route: null };
}

/** Whether the answer leaves by another interface than the one that holds the address which the peer talks to. */
export function isAsymmetric(way: RouteLookup, peer: Peer, interfaces: readonly HostInterface[]): boolean {
  if (way.outcome !== 'route' || way.route.type === 'local' || peer.local === null) return false;
  const local = addressOf(peer.local);
  const asked = interfaces.find((link) =>
    link.addresses.some(({ address }) => {
      const own = parseAddress(address);
      return own !== null && own.family === local?.family && own.bits === local.bits;
    }),
  );
  const devices = [way.route.device, ...way.route.nexthops.map(({ device }) => device)];
  return asked !== undefined && !devices.includes(asked.name);
}

const exitOf = ({ device, gateway, nexthops }: NetworkRoute) => JSON.stringify([device, gateway, nexthops]);

function compare(before: RouteLookup, after: RouteLookup): PeerWay['way'] {
  if (before.outcome === 'unknown' || after.outcome === 'unknown') return 'unknown';
  if (before.outcome === 'none') return after.outcome === 'none' ? 'none' : 'gained';
  if (after.outcome === 'none') return 'lost';
  return exitOf(before.route) === exitOf(after.route) ? 'kept' : 'changed';
}

/**
 * For each peer whether it keeps, changes or loses its way when the routes `before` become `after`. Only routes are
 * judged: rules that drop, and what lies beyond the gateway, are not seen here.
 */
export function losesWay(
  before: readonly NetworkRoute[],
  after: readonly NetworkRoute[],
  peers: readonly Peer[],
  { rules, interfaces }: { rules: readonly PolicyRule[]; interfaces: readonly HostInterface[] },
): PeerWay[] {
  return peers.map((peer) => {
    const ways = {
      before: wayTo({ routes: before, rules }, peer),
      after: wayTo({ routes: after, rules }, peer),
    };
    return {
      peer,
      way: compare(ways.before, ways.after),
      ...ways,
      asymmetric: isAsymmetric(ways.after, peer, interfaces),
    };
  });
}
