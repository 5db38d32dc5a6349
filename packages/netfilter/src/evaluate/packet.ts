import { NetfilterError } from '../error.ts';
import type { Family } from '../model.ts';
import { parseIpv4 } from '../values/address.ts';
import { parseIpv6 } from '../values/address6.ts';
import type { Effect } from './effects.ts';
import type { InterfaceRows } from './interfaces.ts';

export type ConnectionState = 'INVALID' | 'NEW' | 'RELATED' | 'ESTABLISHED' | 'UNTRACKED';
export type TcpFlag = 'FIN' | 'SYN' | 'RST' | 'PSH' | 'ACK' | 'URG' | 'ECE' | 'CWR';
type Translation = 'SNAT' | 'DNAT';

/** The connection that a packet belongs to. For the first packet (NEW) most follows from the packet itself. */
export interface ConnectionFields {
  direction?: 'ORIGINAL' | 'REPLY';
  /** all that hold; an empty list says that none does */
  status?: readonly ('EXPECTED' | 'SEEN_REPLY' | 'ASSURED' | 'CONFIRMED')[];
  /** which addresses of the connection are translated; an empty list says that none is */
  translated?: readonly Translation[];
  protocol?: number;
  originSource?: string;
  originDestination?: string;
  replySource?: string;
  replyDestination?: string;
  originSourcePort?: number;
  originDestinationPort?: number;
  replySourcePort?: number;
  replyDestinationPort?: number;
  /** seconds until it is forgotten */
  expires?: number;
}

/** The socket that a packet of this machine comes from. */
export interface SocketOwner {
  user?: number;
  group?: number;
  /** supplementary groups */
  groups?: readonly number[];
}

/**
 * A packet as it comes in (or, of this machine, as it is made). Any field may be missing, which means "not known":
 * a rule that turns on it is then judged both ways. Exceptions: without `fragmentOffset` and `transportBytes` the
 * packet is whole, and without `ttl` it has hops enough to be passed on.
 */
export interface PacketFields {
  /** default: that of the addresses, else of the rule set */
  family?: Family;
  source?: string;
  destination?: string;
  /** the transport protocol's number */
  protocol?: number;
  sourcePort?: number;
  destinationPort?: number;
  /** all that are set */
  tcpFlags?: readonly TcpFlag[];
  /** the bytes between the fixed header of TCP and its data */
  tcpOptions?: Uint8Array;
  icmpType?: number;
  icmpCode?: number;
  /** of AH and ESP */
  spi?: number;
  inInterface?: string;
  outInterface?: string;
  /** what connection tracking makes of it. NEW is the first packet of its connection */
  state?: ConnectionState;
  connection?: ConnectionFields;
  mark?: number;
  connectionMark?: number;
  /** in bytes, with the IP header */
  length?: number;
  /** time to live, or the hop limit of IPv6 */
  ttl?: number;
  /** the whole byte: six bits DSCP, two bits ECN */
  tos?: number;
  /** in units of eight bytes, as in the header; default 0 */
  fragmentOffset?: number;
  /** more fragments follow; default false */
  moreFragments?: boolean;
  /** bytes behind the IP header, where they are fewer than the transport header has; default: enough */
  transportBytes?: number;
  /** where TCP's data begins, in bytes, if the header lies about it; default 20 and the options */
  dataOffset?: number;
  /** Ethernet address of the sender; null for a link without any */
  mac?: string | null;
  /** to whom its frame was sent */
  packetType?: 'unicast' | 'broadcast' | 'multicast' | 'otherhost';
  /** null: no socket */
  owner?: SocketOwner | null;
  /** whether it is in a set, by `NAME src,dst` as the rule has it */
  sets?: Readonly<Record<string, boolean>>;
  /** came or goes under an IPsec policy */
  ipsec?: boolean;
  /** came or goes through a port of a bridge */
  bridged?: boolean;
  /** when it is judged, in seconds since 1970 */
  time?: number;
}

/** Bits of `Packet.unknown`: which of the fields of the flat tests are not given, or not what they test. */
export const lacks = {
  source: 1,
  destination: 2,
  protocol: 4,
  sourcePort: 8,
  destinationPort: 16,
  tcpFlags: 32,
  state: 64,
  inInterface: 128,
  outInterface: 256,
  /** a fragment, or cut short: headers may not be there */
  wholeness: 512,
} as const;

export const stateBits: Readonly<Record<ConnectionState | Translation, number>> = {
  INVALID: 1,
  NEW: 2,
  RELATED: 4,
  ESTABLISHED: 8,
  UNTRACKED: 16,
  SNAT: 32,
  DNAT: 64,
};

const flagBits: Readonly<Record<TcpFlag, number>> = {
  FIN: 1,
  SYN: 2,
  RST: 4,
  PSH: 8,
  ACK: 16,
  URG: 32,
  ECE: 64,
  CWR: 128,
};

/** More than any transport header has. */
const plenty = 0xffff;
const shortestSafeHeader = 20;
const TCP = 6;

/** How a connection's tracking stands before the tables behind raw: nothing, a `CT` target's template, or given. */
export type Tracking = 'given' | 'template' | 'untracked';

/**
 * A packet in numbers, made once and judged as often as wanted; -1 stands for "not known" where a number cannot be
 * negative. Addresses are signed 32-bit words, the first of IPv4 being the whole.
 */
export class Packet {
  // what every rule asks for comes first, to lie in one or two lines of the processor's cache
  unknown = 0;
  /** bits of `stateBits`, one of them; 0 unknown */
  state = 0;
  tracking: Tracking = 'given';
  source0 = 0;
  destination0 = 0;
  protocol = -1;
  sourcePort = -1;
  destinationPort = -1;
  tcpFlags = -1;
  readonly family: Family | null = null;
  readonly inInterface: string | undefined = undefined;
  readonly outInterface: string | undefined = undefined;
  /** see `indexBytes` */
  bytes: Int16Array | null = null;
  /** see `InterfacePatterns.rowsOf` */
  interfaceRows: InterfaceRows | null = null;
  fragmentOffset = 0;
  ttl = -1;
  /** the last 32 bits of the sender's Ethernet address, and those before; null and undefined as in `facts` */
  readonly mac: number | null | undefined = undefined;
  readonly macHead: number = 0;
  readonly facts: PacketFields;
  source1 = 0;
  source2 = 0;
  source3 = 0;
  destination1 = 0;
  destination2 = 0;
  destination3 = 0;
  icmpType = -1;
  icmpCode = -1;
  transportBytes = plenty;
  length = -1;
  tos = -1;
  mark = -1;
  connectionMark = -1;
  /** translations of its connection as bits of `stateBits`, -1 unknown */
  translated = -1;
  tcpOptions: Uint8Array | null = null;
  /** what rules did to it, last first */
  effects: EffectList | null = null;

  constructor(facts: PacketFields) {
    this.facts = facts;
    let unknown = 0;
    this.family = familyOf(facts);
    const source = facts.source === undefined ? null : addressWords(facts.source);
    const destination = facts.destination === undefined ? null : addressWords(facts.destination);
    if (source) [this.source0, this.source1, this.source2, this.source3] = source;
    else unknown |= lacks.source;
    if (destination) {
      [this.destination0, this.destination1, this.destination2, this.destination3] = destination;
    } else unknown |= lacks.destination;
    const mac = facts.mac ? macNumbers(facts.mac) : null;
    this.mac = mac ? mac[1] : (facts.mac as null | undefined);
    this.macHead = mac ? mac[0] : 0;
    this.inInterface = facts.inInterface;
    this.outInterface = facts.outInterface;
    this.protocol = facts.protocol ?? -1;
    this.sourcePort = facts.sourcePort ?? -1;
    this.destinationPort = facts.destinationPort ?? -1;
    this.tcpFlags = facts.tcpFlags ? facts.tcpFlags.reduce((bits, flag) => bits | flagBits[flag], 0) : -1;
    this.icmpType = facts.icmpType ?? -1;
    this.icmpCode = facts.icmpCode ?? -1;
    this.fragmentOffset = facts.fragmentOffset ?? 0;
    this.transportBytes = facts.transportBytes ?? plenty;
    this.length = facts.length ?? -1;
    this.ttl = facts.ttl ?? -1;
    this.tos = facts.tos ?? -1;
    this.mark = facts.mark ?? -1;
    this.connectionMark = facts.connectionMark ?? -1;
    this.state = facts.state === undefined ? 0 : stateBits[facts.state];
    this.translated = translationOf(facts);
    this.tcpOptions = facts.tcpOptions ?? null;
    const ports = portsMatter(this.protocol);
    if (this.protocol < 0) unknown |= lacks.protocol;
    if (ports && this.sourcePort < 0) unknown |= lacks.sourcePort;
    if (ports && this.destinationPort < 0) unknown |= lacks.destinationPort;
    if (this.tcpFlags < 0 && (this.protocol === TCP || this.protocol < 0)) unknown |= lacks.tcpFlags;
    if (this.state === 0) unknown |= lacks.state;
    if (facts.inInterface === undefined) unknown |= lacks.inInterface;
    if (facts.outInterface === undefined) unknown |= lacks.outInterface;
    if (this.fragmentOffset !== 0 || facts.moreFragments || this.transportBytes < shortestSafeHeader) {
      unknown |= lacks.wholeness;
    }
    this.unknown = unknown;
  }

  /** A copy to change: the packet as given stays as it is. */
  copy(): Packet {
    const made = Object.assign(Object.create(Packet.prototype), this) as Packet;
    made.bytes = null;
    return made;
  }
}

export interface EffectList {
  effect: Effect;
  before: EffectList | null;
}

/** Reads a packet's fields. Throws `address.invalid` and `address.family`. */
export function packetOf(fields: PacketFields): Packet {
  return new Packet(fields);
}

/** An Ethernet address as its first 16 and its last 32 bits. */
export function macNumbers(text: string): readonly [head: number, tail: number] {
  const digits = text
    .split(':')
    .map((part) => part.padStart(2, '0'))
    .join('');
  return [Number.parseInt(digits.slice(0, 4), 16), Number.parseInt(digits.slice(4), 16) | 0];
}

type Words = readonly [number, number, number, number];

/** An address as four signed 32-bit words. */
export function addressWords(text: string): Words {
  if (!text.includes(':')) {
    const bits = parseIpv4(text);
    if (bits < 0) throw new NetfilterError('address.invalid', { word: text, expected: 'a.b.c.d' });
    return [bits | 0, 0, 0, 0];
  }
  const groups = parseIpv6(text);
  if (!groups) throw new NetfilterError('address.invalid', { word: text, expected: 'x:x::x' });
  return groupWords(groups);
}

/** Eight groups of 16 bits as four words. */
export function groupWords(groups: readonly number[]): Words {
  const word = (at: number): number => ((groups[at] ?? 0) << 16) | (groups[at + 1] ?? 0);
  return [word(0), word(2), word(4), word(6)];
}

function familyOf({ family, source, destination }: PacketFields): Family | null {
  const seen = [source, destination].flatMap((address): Family[] =>
    address === undefined ? [] : [address.includes(':') ? 'ipv6' : 'ipv4'],
  );
  const found = family ?? seen[0] ?? null;
  if (seen.some((each) => each !== found)) {
    throw new NetfilterError('address.family', { word: source ?? destination ?? '' });
  }
  return found;
}

function translationOf({ state, connection }: PacketFields): number {
  if (connection?.translated) return connection.translated.reduce((bits, each) => bits | stateBits[each], 0);
  const nothingYet = state === 'NEW' || state === 'INVALID' || state === 'UNTRACKED';
  return nothingYet ? 0 : -1;
}

const portsMatter = (protocol: number): boolean => protocol < 0 || [6, 17, 33, 132, 136].includes(protocol);
