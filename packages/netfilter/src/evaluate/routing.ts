import { lacks, type Packet, stateBits } from './packet.ts';
import type { Place } from './place.ts';

/**
 * Whether the nat table is asked at all: for the first packet of a connection only. Of RELATED packets those that
 * begin a connection are asked, errors that belong to one are not.
 */
export function isTranslated({ state }: Packet, at: Place): 'yes' | 'no' | 'maybe' {
  if (at.table !== 'nat' || state === stateBits.NEW) return 'yes';
  return state === 0 || state === stateBits.RELATED ? 'maybe' : 'no';
}

/**
 * What routing makes of a packet between PREROUTING and the chains behind it: local delivery puts fragments together, and passing on
 * takes one from the time to live. Null: it has no hop left (one that is not known is enough).
 */
export function routed(packet: Packet, at: Place): Packet | null {
  if (at.chain === 'INPUT') return packet.unknown & lacks.wholeness ? reassembled(packet) : packet;
  if (packet.ttl < 0) return packet;
  if (packet.ttl <= 1) return null;
  const next = packet.copy();
  next.ttl = packet.ttl - 1;
  return next;
}

const isFragment = (packet: Packet): boolean =>
  packet.fragmentOffset !== 0 || packet.facts.moreFragments === true;

/**
 * Local delivery, and connection tracking before every table, put fragments together first: `-f` never holds there
 * (reference/iptables.md section 7.3). What came with the first fragment is not known from another.
 */
export function reassembled(packet: Packet): Packet {
  if (!isFragment(packet)) return packet;
  const whole = packet.copy();
  whole.length = -1;
  if (packet.fragmentOffset !== 0) {
    whole.sourcePort = -1;
    whole.destinationPort = -1;
    whole.tcpFlags = -1;
    whole.icmpType = -1;
    whole.icmpCode = -1;
    whole.tcpOptions = null;
    whole.unknown |= lacks.sourcePort | lacks.destinationPort | lacks.tcpFlags;
  }
  whole.fragmentOffset = 0;
  whole.transportBytes = 0xffff;
  whole.unknown &= ~lacks.wholeness;
  return whole;
}
