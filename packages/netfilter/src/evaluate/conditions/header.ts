import type { Match, Negatable } from '../../model.ts';
import { parseIpv4 } from '../../values/address.ts';
import { both, judged, NO, type Outcome, UNKNOWN, within, YES } from '../outcome.ts';
import { addressWords, lacks, macNumbers, type Packet } from '../packet.ts';
import type { Judge } from './condition.ts';
import type { Side } from './core.ts';

type Of<N extends string> = Extract<Match, { name: N; modelled: true }>;

export function length(match: Of<'length'>): Judge {
  const { negated, value } = match.length;
  return (packet) => within(packet.length, value.from, value.to, negated);
}

type Hops = Of<'ttl'>['ttl'];

function hops({ negated, value }: Hops): Judge {
  const fits = (ttl: number): boolean => {
    if (value.operator === 'lt') return ttl < value.hops;
    if (value.operator === 'gt') return ttl > value.hops;
    return ttl === value.hops;
  };
  return ({ ttl }) => (ttl < 0 ? UNKNOWN : judged(fits(ttl) !== negated));
}

export const ttl = (match: Of<'ttl'>): Judge => hops(match.ttl);
export const hl = (match: Of<'hl'>): Judge => hops(match.hopLimit);

export function tos(match: Of<'tos'>): Judge {
  const { negated, value } = match.tos;
  return (packet) =>
    packet.tos < 0 ? UNKNOWN : judged(((packet.tos & value.mask) === value.value) !== negated);
}

export function dscp(match: Of<'dscp'>): Judge {
  const { negated, value } = match.dscp;
  return (packet) => (packet.tos < 0 ? UNKNOWN : judged((packet.tos >> 2 === value) !== negated));
}

const ECE = 64;
const CWR = 128;
const shortestTcp = 20;

/** Unlike the match for TCP it does not drop what is cut short, and reads fragments as if they began with a header. */
export function ecn({ tcpEce, tcpCwr, ipEct }: Of<'ecn'>): Judge {
  const flag = (packet: Packet, bit: number, held: Negatable<true> | null): Outcome => {
    if (held === null) return YES;
    return packet.tcpFlags < 0 ? UNKNOWN : judged(((packet.tcpFlags & bit) !== 0) !== held.negated);
  };
  return (packet) => {
    const ip = ipEct
      ? within(packet.tos < 0 ? -1 : packet.tos & 3, ipEct.value, ipEct.value, ipEct.negated)
      : YES;
    if (tcpEce === null && tcpCwr === null) return ip;
    if (packet.fragmentOffset !== 0) return both(ip, UNKNOWN);
    if (packet.transportBytes < shortestTcp) return both(ip, NO);
    return both(ip, both(flag(packet, ECE, tcpEce), flag(packet, CWR, tcpCwr)));
  };
}

type Bounds = NonNullable<Of<'iprange'>['source']>;

function inRange(side: Side, { negated, value }: Bounds): Judge {
  const from = addressWords(value.from);
  const to = addressWords(value.to);
  return (packet) => {
    if (packet.unknown & lacks[side]) return UNKNOWN;
    const words =
      side === 'source'
        ? [packet.source0, packet.source1, packet.source2, packet.source3]
        : [packet.destination0, packet.destination1, packet.destination2, packet.destination3];
    return judged((!isBelow(words, from) && !isBelow(to, words)) !== negated);
  };
}

function isBelow(words: readonly number[], other: readonly number[]): boolean {
  for (let i = 0; i < 4; i++) {
    const a = (words[i] ?? 0) >>> 0;
    const b = (other[i] ?? 0) >>> 0;
    if (a !== b) return a < b;
  }
  return false;
}

export function iprange({ source, destination }: Of<'iprange'>): Judge {
  const tests = [
    ...(source ? [inRange('source', source)] : []),
    ...(destination ? [inRange('destination', destination)] : []),
  ];
  return (packet, at) => tests.reduce<Outcome>((so, test) => both(so, test(packet, at)), YES);
}

export function mark(match: Of<'mark'>): Judge {
  const { negated, value } = match.mark;
  return (packet) =>
    packet.mark < 0 ? UNKNOWN : judged(((packet.mark & value.mask) >>> 0 === value.value) !== negated);
}

/** A link without Ethernet addresses never matches, turned round or not. */
export function mac(match: Of<'mac'>): Judge {
  const { negated, value } = match.source;
  const [head, tail] = macNumbers(value);
  return (packet) => {
    if (packet.mac === undefined) return UNKNOWN;
    return packet.mac === null ? NO : judged((packet.mac === tail && packet.macHead === head) !== negated);
  };
}

export function pkttype(match: Of<'pkttype'>): Judge {
  const { negated, value } = match.type;
  return ({ facts }) =>
    facts.packetType === undefined ? UNKNOWN : judged((facts.packetType === value) !== negated);
}

/** What the machine says of its own addresses. */
export interface LocalAddresses {
  /** every address of its interfaces */
  local?: readonly string[];
  /** broadcast addresses of its networks */
  broadcast?: readonly string[];
}

type AddressType = 'LOCAL' | 'BROADCAST' | 'MULTICAST' | 'UNICAST';

/**
 * What the local routing table says of an IPv4 address; null where that needs what is not known. Without the
 * addresses of the machine only multicast and the two addresses of nobody can be told.
 */
function addressType(bits: number, known: LocalAddresses): readonly AddressType[] {
  const address = bits >>> 0;
  if (address === 0 || address === 0xffffffff) return ['BROADCAST'];
  if (address >>> 28 === 14) return ['MULTICAST'];
  if (known.local?.some((each) => parseIpv4(each) === address) || address >>> 24 === 127) return ['LOCAL'];
  if (known.broadcast?.some((each) => parseIpv4(each) === address)) return ['BROADCAST'];
  const other: AddressType[] = known.local ? ['UNICAST'] : ['UNICAST', 'LOCAL'];
  return known.broadcast ? other : [...other, 'BROADCAST'];
}

/** The type of an address. With a condition on the interface, and in IPv6, it is a matter of all routes. */
export function addrtype(match: Of<'addrtype'>, known: LocalAddresses): Judge {
  const one = (packet: Packet, side: Side, held: Negatable<string[]> | null): Outcome => {
    if (held === null) return YES;
    if (packet.family === 'ipv6' || packet.unknown & lacks[side]) return UNKNOWN;
    if (match.limitInInterface || match.limitOutInterface) return UNKNOWN;
    const types = addressType(side === 'source' ? packet.source0 : packet.destination0, known);
    const fits = types.map((type) => judged(held.value.includes(type) !== held.negated));
    return fits.reduce((all, each) => all | each, 0);
  };
  return (packet) =>
    both(one(packet, 'source', match.sourceType), one(packet, 'destination', match.destinationType));
}
