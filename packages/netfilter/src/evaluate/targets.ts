import type { Family, Rule, Target } from '../model.ts';
import { formatIpv4, parseIpv4, parseIpv4Network } from '../values/address.ts';
import type { Range } from '../values/codecs.ts';
import { changed } from './effects.ts';
import { lacks, type Packet, stateBits } from './packet.ts';
import { hasConnection, type Place } from './place.ts';

/** What becomes of a packet at the end. `reject` is a drop with an answer; `queue` waits for a program. */
export type Fate = 'accept' | 'drop' | 'reject' | 'queue' | 'stolen';

/** How a packet ends without any rule. */
export type Mishap = 'malformed' | 'expired';

/** One thing that a target may do: go on with the next rule (null) or end, with the packet as it is then. */
export interface Ending {
  fate: Fate | null;
  packet: Packet;
}

/** Everything that a target may do with a packet; more than one where that cannot be judged. */
export type Act = (packet: Packet, at: Place) => Ending[];

const goOn: Act = (packet) => [{ fate: null, packet }];
const end =
  (...fates: (Fate | null)[]): Act =>
  (packet) =>
    fates.map((fate) => ({ fate, packet }));
const then =
  (change: (packet: Packet, at: Place) => Packet): Act =>
  (packet, at) => [{ fate: null, packet: change(packet, at) }];

/** Nothing is known of what such a rule does. */
export const anything: Act = end(null, 'accept', 'drop', 'reject', 'queue', 'stolen');

/** Targets that let the packet go on as it is. */
const harmless: readonly string[] = [
  'LOG',
  'NFLOG',
  'AUDIT',
  'TRACE',
  'TEE',
  'CHECKSUM',
  'CLASSIFY',
  'CONNSECMARK',
  'IDLETIMER',
  'LED',
  'RATEEST',
  'SECMARK',
  'ULOG',
];

const isHarmless = ({ name, modelled }: Target): boolean => modelled && harmless.includes(name);

/** Null: the packet goes on unchanged, whatever it is. */
export function actOf(rule: Rule, family: Family): Act | null {
  const { target } = rule;
  if (rule.verbatim !== null) return anything;
  if (target === null || target.kind !== 'extension' || isHarmless(target)) return null;
  if (!target.modelled) return anything;
  switch (target.name) {
    case 'NFQUEUE':
      // with nobody at the queue the packet goes on if `bypass`, and no further rule of the chain is asked
      return target.bypass ? end('queue', 'accept') : end('queue');
    case 'MARK':
      return then((packet) => withMark(packet, xmark(packet.mark, target.xmark.value, target.xmark.mask)));
    case 'CONNMARK':
      return connectionMark(target);
    case 'HMARK':
      return then((packet) => withMark(packet, -1));
    case 'CT':
    case 'NOTRACK':
      return then((packet, at) => {
        const untracked = target.name === 'NOTRACK' || target.noTrack !== null;
        return at.beforeTracking ? withTracking(packet, untracked ? 'untracked' : 'template') : packet;
      });
    case 'TOS':
      return then((packet) => withTos(packet, target.tos.value, target.tos.mask));
    case 'DSCP':
      return then((packet) => withTos(packet, target.dscp << 2, 0xfc));
    case 'ECN':
      return then((packet) => withEcn(packet, target));
    case 'TTL':
      return then((packet) => withHops(packet, target.ttl));
    case 'HL':
      return then((packet) => withHops(packet, target.hopLimit));
    case 'TCPMSS':
      return then((packet) => withoutOptions(packet, true));
    case 'TCPOPTSTRIP':
      return then((packet) => withoutOptions(packet, false));
    case 'SET':
      return target.mapMark ? then((packet) => withMark(packet, -1)) : goOn;
    case 'SNAT':
      return translate('source', target.to.addresses, target.to.ports, target.random !== null);
    case 'DNAT': {
      const moved = target.random !== null || target.to.portBase !== null;
      return translate('destination', target.to.addresses, target.to.ports, moved);
    }
    case 'MASQUERADE':
      return translate('source', 'own', target.ports, target.random !== null);
    case 'REDIRECT':
      return translate('destination', 'own', target.ports, target.random !== null);
    case 'NETMAP':
      return netmap(target.to, family);
    case 'SNPT':
      return prefixChange('source');
    case 'DNPT':
      return prefixChange('destination');
    case 'SYNPROXY':
      return synproxy;
    case 'TPROXY':
      // whether a socket waits for it decides
      return (packet) => [
        { fate: 'accept', packet: withMark(packet, -1) },
        { fate: 'drop', packet },
      ];
    default:
      return anything;
  }
}

/** Bits of `mask` are cleared, then `value` is XORed in; -1 where it is not known what there was. */
function xmark(mark: number, value: number, mask: number): number {
  if (mask === 0xffffffff) return value;
  return mark < 0 ? -1 : ((mark & ~mask) ^ value) >>> 0;
}

const known = (value: number): number | null => (value < 0 ? null : value);

function withMark(packet: Packet, mark: number): Packet {
  return changed(packet, { kind: 'mark', value: known(mark) }, (copy) => {
    copy.mark = mark;
  });
}

type ConnectionMark = Extract<Target, { name: 'CONNMARK'; modelled: true }>;

/** `xt_connmark.c`. Without a connection nothing happens. */
function connectionMark(target: ConnectionMark): Act {
  const { xmark: set, copy: direction, packetMask, connectionMask, shift } = target;
  const all = 0xffffffff;
  const ofPacket = packetMask ?? all;
  const ofConnection = connectionMask ?? all;
  const shifted = (mark: number): number => {
    if (mark < 0 || shift === null) return mark;
    return (shift.direction === 'left' ? mark << shift.bits : mark >>> shift.bits) >>> 0;
  };
  const merge = (old: number, oldMask: number, given: number, givenMask: number): number => {
    if (given < 0 || (old < 0 && oldMask !== all)) return -1;
    return ((Math.max(old, 0) & ~oldMask) ^ shifted((given & givenMask) >>> 0)) >>> 0;
  };
  const apply = (packet: Packet): Packet => {
    if (direction === 'restore') {
      return withMark(packet, merge(packet.mark, ofPacket, packet.connectionMark, ofConnection));
    }
    const mark = set
      ? shifted(xmark(packet.connectionMark, set.value, set.mask))
      : merge(packet.connectionMark, ofConnection, packet.mark, ofPacket);
    return changed(packet, { kind: 'connectionMark', value: known(mark) }, (copied) => {
      copied.connectionMark = mark;
    });
  };
  return (packet, at) => {
    const has = packet.tracking === 'template' ? null : hasConnection(packet, at);
    const untouched: Ending = { fate: null, packet };
    if (has === false) return [untouched];
    const touched: Ending = { fate: null, packet: apply(packet) };
    return has ? [touched] : [untouched, touched];
  };
}

/** The first `CT` or `NOTRACK` decides; later ones are passed over. */
function withTracking(packet: Packet, tracking: 'untracked' | 'template'): Packet {
  if (packet.tracking !== 'given') return packet;
  return changed(packet, tracking === 'untracked' ? { kind: 'untracked' } : null, (copy) => {
    copy.tracking = tracking;
    if (tracking === 'untracked') {
      copy.state = stateBits.UNTRACKED;
      copy.unknown &= ~lacks.state;
    }
  });
}

function withTos(packet: Packet, value: number, mask: number): Packet {
  const tos = mask === 255 ? value : packet.tos < 0 ? -1 : (packet.tos & ~mask) ^ value;
  return changed(packet, { kind: 'tos', value: known(tos) }, (copy) => {
    copy.tos = tos;
  });
}

type Ecn = Extract<Target, { name: 'ECN'; modelled: true }>;

function withEcn(packet: Packet, target: Ecn): Packet {
  const changedIp = target.ipEct === null ? packet : withTos(packet, target.ipEct, 3);
  const bits = [
    [64, target.removeTcp ? 0 : target.tcpEce],
    [128, target.removeTcp ? 0 : target.tcpCwr],
  ] as const;
  return bits.reduce(
    (so, [bit, on]) =>
      on === null || so.tcpFlags < 0
        ? so
        : changed(so, null, (copy) => {
            copy.tcpFlags = on ? so.tcpFlags | bit : so.tcpFlags & ~bit;
          }),
    changedIp,
  );
}

type HopChange = Extract<Target, { name: 'TTL'; modelled: true }>['ttl'];

function withHops(packet: Packet, { change, hops }: HopChange): Packet {
  const moved = change === 'inc' ? Math.min(255, packet.ttl + hops) : Math.max(0, packet.ttl - hops);
  const ttl = change === 'set' ? hops : packet.ttl < 0 ? -1 : moved;
  return changed(packet, { kind: 'ttl', value: known(ttl) }, (copy) => {
    copy.ttl = ttl;
  });
}

/** The options are other ones then, and with an MSS put in the packet may be longer. */
function withoutOptions(packet: Packet, longer: boolean): Packet {
  return changed(packet, { kind: 'tcpOptions' }, (copy) => {
    copy.tcpOptions = null;
    if (longer) copy.length = -1;
  });
}

type Addresses = { from: string; to: string } | 'own' | null;

/** Translation ends the table. Where several addresses or ports serve, which is taken cannot be said. */
function translate(
  side: 'source' | 'destination',
  addresses: Addresses,
  ports: Range | null,
  moved: boolean,
): Act {
  const one = addresses !== null && addresses !== 'own' && addresses.from === addresses.to;
  const address = one ? addresses.from : null;
  const port = ports !== null && ports.from === ports.to && !moved ? ports.from : null;
  return (packet) => [
    {
      fate: 'accept',
      packet: changed(packet, { kind: side, address, port }, (copy) => {
        if (addresses !== null) readdress(copy, side, address);
        // the source's port may be changed as well where another connection has it already
        if (ports !== null || moved) setPort(copy, side, port);
        copy.translated = translatedBy(packet, copy, side);
      }),
    },
  ];
}

/** A connection counts as translated only where something has become another. */
function translatedBy(packet: Packet, copy: Packet, side: 'source' | 'destination'): number {
  if (packet.translated < 0) return -1;
  const doubtful = lacks[side] | (side === 'source' ? lacks.sourcePort : lacks.destinationPort);
  const moved =
    side === 'source'
      ? copy.source0 !== packet.source0 || copy.sourcePort !== packet.sourcePort
      : copy.destination0 !== packet.destination0 || copy.destinationPort !== packet.destinationPort;
  if ((copy.unknown | packet.unknown) & doubtful) return -1;
  return moved ? packet.translated | translation[side] : packet.translated;
}

const translation = { source: stateBits.SNAT, destination: stateBits.DNAT };

/** Gives the copy another address; null or IPv6: not known. */
function readdress(copy: Packet, side: 'source' | 'destination', address: string | null): void {
  const bits = address === null ? -1 : parseIpv4(address);
  if (bits < 0) {
    copy.unknown |= lacks[side];
    return;
  }
  if (side === 'source') copy.source0 = bits | 0;
  else copy.destination0 = bits | 0;
  copy.unknown &= ~lacks[side];
}

function setPort(copy: Packet, side: 'source' | 'destination', port: number | null): void {
  const key = side === 'source' ? 'sourcePort' : 'destinationPort';
  const lack = side === 'source' ? lacks.sourcePort : lacks.destinationPort;
  copy[key] = port ?? -1;
  copy.unknown = port === null ? copy.unknown | lack : copy.unknown & ~lack;
}

/** The network part of the address is exchanged: the destination's where packets come in, else the source's. */
function netmap(to: string, family: Family): Act {
  const network = family === 'ipv4' ? parseIpv4Network(to) : null;
  return (packet, at) => {
    const side = at.chain === 'PREROUTING' || at.chain === 'OUTPUT' ? 'destination' : 'source';
    const old = side === 'source' ? packet.source0 : packet.destination0;
    const mapped = network && (packet.unknown & lacks[side]) === 0;
    const address = mapped ? formatIpv4(((old & ~network.mask) | network.bits) >>> 0) : null;
    const one = address === null ? null : { from: address, to: address };
    return translate(side, one ?? 'own', null, false)(packet, at);
  };
}

/** Unlike the translations of the nat table this one is made for each packet, and the next rule is asked. */
const prefixChange = (side: 'source' | 'destination'): Act =>
  then((packet) =>
    changed(packet, { kind: side, address: null, port: null }, (copy) => readdress(copy, side, null)),
  );

const handshake = 0x17;
const SYN = 2;
const ACK = 16;

/** `ipt_SYNPROXY.c`: answers SYN itself, checks the ACK that follows, lets all else go on. */
const synproxy: Act = (packet) => {
  const fates: (Fate | null)[] =
    packet.tcpFlags < 0
      ? [null, 'stolen', 'drop']
      : (packet.tcpFlags & handshake) === SYN
        ? ['stolen', 'drop']
        : (packet.tcpFlags & handshake) === ACK
          ? ['stolen', 'drop']
          : [null];
  return fates.map((fate) => ({ fate, packet }));
};
