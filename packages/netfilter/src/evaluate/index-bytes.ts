import type { Match, Rule } from '../model.ts';
import { parseIpv4 } from '../values/address.ts';
import type { Range } from '../values/codecs.ts';
import {
  allStates,
  DESTINATION,
  DESTINATION_HIGH,
  DESTINATION_LOW,
  DESTINATION_MASK,
  FLAGS,
  INVERT_DESTINATION,
  INVERT_PROTOCOL,
  INVERT_SOURCE,
  INVERTED,
  PROTOCOL,
  SOURCE,
  SOURCE_HIGH,
  SOURCE_LOW,
  SOURCE_MASK,
  STATES,
} from './flat.ts';
import type { Packet } from './packet.ts';

export const byteValues = 256;
/** Stands for a byte that is not known. */
export const unknownByte = 256;

/** Which byte of a packet is looked at: a place in `Packet.bytes`, or its state. */
export const kinds = {
  source: 0,
  destination: 4,
  destinationPort: 8,
  sourcePort: 10,
  protocol: 12,
  tcpFlags: 13,
  ttl: 14,
  tos: 15,
  icmpType: 16,
  /** the upper of two */
  length: 17,
  /** the last of six */
  mac: 18,
  states: 19,
  count: 20,
} as const;

const known = (value: number): number => (value < 0 ? unknownByte : value & 255);

/**
 * The bytes of a packet at the places of `kinds`. Without ports theirs say nothing, and the protocol leaves out all
 * rules that ask for them.
 */
export function indexBytes(packet: Packet): Int16Array {
  const bytes = new Int16Array(kinds.states);
  for (let i = 0; i < 4; i++) {
    bytes[kinds.source + i] = (packet.source0 >>> (24 - 8 * i)) & 255;
    bytes[kinds.destination + i] = (packet.destination0 >>> (24 - 8 * i)) & 255;
  }
  bytes[kinds.destinationPort] = (packet.destinationPort >> 8) & 255;
  bytes[kinds.destinationPort + 1] = packet.destinationPort & 255;
  bytes[kinds.sourcePort] = (packet.sourcePort >> 8) & 255;
  bytes[kinds.sourcePort + 1] = packet.sourcePort & 255;
  bytes[kinds.protocol] = packet.protocol & 255;
  bytes[kinds.tcpFlags] = packet.tcpFlags & 255;
  bytes[kinds.ttl] = known(packet.ttl);
  bytes[kinds.tos] = known(packet.tos);
  bytes[kinds.icmpType] = known(packet.icmpType);
  bytes[kinds.length] = known(packet.length >> 8);
  bytes[kinds.mac] = packet.mac === undefined ? unknownByte : (packet.mac ?? 0) & 255;
  return bytes;
}

/** The values of a byte that a rule can match, or more; null for all of them. */
export function valuesTaken(
  kind: number,
  tests: Int32Array,
  at: number,
  rule: Rule,
): readonly number[] | null {
  const field = (number: number): number => tests[at + number] ?? 0;
  const isInverted = (bit: number): boolean => (field(INVERTED) & bit) !== 0;
  if (kind < kinds.destination) {
    if (isInverted(INVERT_SOURCE)) return null;
    return addressBytes(field(SOURCE), field(SOURCE_MASK), kind, rangeOf(rule, 'source'));
  }
  if (kind < kinds.destinationPort) {
    const byte = kind - kinds.destination;
    if (isInverted(INVERT_DESTINATION)) return null;
    return addressBytes(field(DESTINATION), field(DESTINATION_MASK), byte, rangeOf(rule, 'destination'));
  }
  if (kind < kinds.protocol) {
    const destination = kind < kinds.sourcePort;
    const from = field(destination ? DESTINATION_LOW : SOURCE_LOW);
    const to = field(destination ? DESTINATION_HIGH : SOURCE_HIGH);
    const high = kind === kinds.destinationPort || kind === kinds.sourcePort;
    return portBytes(from < 0 ? listOf(rule, destination) : [{ from, to }], high);
  }
  if (kind === kinds.protocol) {
    return field(PROTOCOL) === 0 || isInverted(INVERT_PROTOCOL) ? null : [field(PROTOCOL)];
  }
  if (kind === kinds.states) {
    return field(STATES) === allStates ? null : stateValues.filter((bit) => (bit & field(STATES)) !== 0);
  }
  if (kind === kinds.tcpFlags) {
    return field(FLAGS) === 0 ? null : masked(field(FLAGS) >> 8, field(FLAGS) & 255);
  }
  return matchBytes(kind, rule);
}

const stateValues: readonly number[] = [1, 2, 4, 8, 16];
const everyByte: readonly number[] = Array.from({ length: byteValues }, (_, byte) => byte);

const masked = (mask: number, value: number): readonly number[] =>
  mask === 255 ? [value] : everyByte.filter((byte) => (byte & mask) === value);

function addressBytes(
  bits: number,
  mask: number,
  byte: number,
  range: Range | null,
): readonly number[] | null {
  const shift = 24 - byte * 8;
  const maskByte = (mask >>> shift) & 255;
  if (maskByte !== 0) return masked(maskByte, (bits >>> shift) & 255);
  if (range === null) return null;
  // the bytes above must be one and the same for both ends
  if (byte > 0 && range.from >>> (shift + 8) !== range.to >>> (shift + 8)) return null;
  return everyByte.slice((range.from >>> shift) & 255, ((range.to >>> shift) & 255) + 1);
}

/** Matches that the kernel comes to without one before them that may drop the packet. */
function* sureMatches(rule: Rule): Generator<Match> {
  for (const match of rule.matches) {
    yield match;
    if (match.name === 'tcpmss' || match.name === 'sctp' || match.name === 'dccp') return;
    if (match.name === 'tcp' && (!match.modelled || match.option !== null)) return;
  }
}

function sureMatch<N extends string>(
  rule: Rule,
  name: N,
): Extract<Match, { name: N; modelled: true }> | null {
  for (const match of sureMatches(rule)) {
    if (match.modelled && match.name === name) return match as Extract<Match, { name: N; modelled: true }>;
  }
  return null;
}

function rangeOf(rule: Rule, side: 'source' | 'destination'): Range | null {
  const held = sureMatch(rule, 'iprange')?.[side];
  if (!held || held.negated) return null;
  const [from, to] = [parseIpv4(held.value.from), parseIpv4(held.value.to)];
  return from >= 0 && from <= to ? { from, to } : null;
}

/** The ports of `multiport`, where it names the side. */
function listOf(rule: Rule, destination: boolean): readonly Range[] | null {
  const match = sureMatch(rule, 'multiport');
  const held = destination ? match?.destinationPorts : match?.sourcePorts;
  return held && !held.negated ? held.value : null;
}

/** Bytes that single matches take. */
function matchBytes(kind: number, rule: Rule): readonly number[] | null {
  switch (kind) {
    case kinds.ttl: {
      const held = (sureMatch(rule, 'ttl')?.ttl ?? sureMatch(rule, 'hl')?.hopLimit) || null;
      if (!held) return null;
      const { operator, hops } = held.value;
      if (operator === 'lt') return everyByte.slice(0, hops);
      if (operator === 'gt') return everyByte.slice(hops + 1);
      return everyByte.filter((byte) => (byte === hops) !== held.negated);
    }
    case kinds.tos: {
      const held = sureMatch(rule, 'tos')?.tos;
      if (held)
        return everyByte.filter((byte) => ((byte & held.value.mask) === held.value.value) !== held.negated);
      const point = sureMatch(rule, 'dscp')?.dscp;
      return point ? everyByte.filter((byte) => (byte >> 2 === point.value) !== point.negated) : null;
    }
    case kinds.icmpType: {
      const held = (sureMatch(rule, 'icmp') ?? sureMatch(rule, 'icmp6'))?.type;
      return !held || held.negated || held.value.type === 255 ? null : [held.value.type];
    }
    case kinds.length: {
      const held = sureMatch(rule, 'length')?.length;
      return !held || held.negated ? null : everyByte.slice(held.value.from >> 8, (held.value.to >> 8) + 1);
    }
    default: {
      const held = sureMatch(rule, 'mac')?.source;
      return !held || held.negated ? null : [Number.parseInt(held.value.slice(-2), 16)];
    }
  }
}

function portBytes(ranges: readonly Range[] | null, high: boolean): readonly number[] | null {
  if (ranges === null) return null;
  if (!high && ranges.some(({ from, to }) => from >> 8 !== to >> 8)) return null;
  const shift = high ? 8 : 0;
  return ranges.flatMap(({ from, to }) => everyByte.slice((from >> shift) & 255, ((to >> shift) & 255) + 1));
}
