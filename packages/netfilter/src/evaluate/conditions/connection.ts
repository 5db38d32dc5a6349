import type { Family, Match, Negatable } from '../../model.ts';
import { formatIpv4 } from '../../values/address.ts';
import type { Range } from '../../values/codecs.ts';
import { both, judged, NO, type Outcome, UNKNOWN, within, YES } from '../outcome.ts';
import { type ConnectionFields, lacks, type Packet, stateBits } from '../packet.ts';
import { hasConnection, type Place, stateAt } from '../place.ts';
import type { Judge } from './condition.ts';
import { networkWords, textInNetwork } from './core.ts';

type Of<N extends string> = Extract<Match, { name: N; modelled: true }>;

export const bitsOf = (states: readonly string[]): number =>
  states.reduce((bits, state) => bits | (stateBits[state as keyof typeof stateBits] ?? 0), 0);

const translations = stateBits.SNAT | stateBits.DNAT;

/** Which of the wanted states the packet's connection has; SNAT and DNAT are states of their own beside. */
function stateIs(packet: Packet, at: Place, wanted: number, negated: boolean): Outcome {
  const state = stateAt(packet, at);
  if (state === 0) return UNKNOWN;
  if (state & wanted) return judged(!negated);
  if ((wanted & translations) === 0 || hasConnection(packet, at) === false) return judged(negated);
  if (packet.translated < 0 || packet.tracking === 'template') return UNKNOWN;
  return judged(((packet.translated & wanted) !== 0) !== negated);
}

export function state(match: Of<'state'>): Judge {
  const wanted = bitsOf(match.states.value);
  return (packet, at) => stateIs(packet, at, wanted, match.states.negated);
}

/** The rest of `conntrack`: what is asked of the connection itself. */
type Question = (packet: Packet, connection: ConnectionFields) => Outcome;

const isNew = (packet: Packet): boolean => packet.state === stateBits.NEW;

/** Of the first packet, the connection is the packet as it came, and the way back is that turned round. */
function connectionOf(packet: Packet): ConnectionFields {
  const { facts } = packet;
  const given = facts.connection ?? {};
  if (!isNew(packet)) return given;
  const first: ConnectionFields = { direction: 'ORIGINAL', status: [] };
  if (facts.protocol !== undefined) first.protocol = facts.protocol;
  if (facts.source !== undefined) first.originSource = facts.source;
  if (facts.destination !== undefined) first.originDestination = facts.destination;
  if (facts.source !== undefined) first.replyDestination = facts.source;
  const replySource = currentDestination(packet);
  if (replySource !== undefined) first.replySource = replySource;
  return { ...first, ...portsOf(packet), ...given };
}

/** Protocols whose ports are the connection's. */
const withPorts: readonly number[] = [6, 17, 132];
/** ICMP has an identifier in their place, GRE a key; DCCP and UDP-Lite are no longer tracked by newer kernels. */
const withOthers: readonly number[] = [1, 33, 47, 58, 136];

function portsOf({ facts, protocol, destinationPort }: Packet): ConnectionFields {
  if (protocol < 0 || withOthers.includes(protocol)) return {};
  const tracked = withPorts.includes(protocol);
  const source = tracked ? facts.sourcePort : 0;
  const destination = tracked ? facts.destinationPort : 0;
  const now = tracked ? destinationPort : 0;
  return {
    ...(source !== undefined && { originSourcePort: source, replyDestinationPort: source }),
    ...(destination !== undefined && { originDestinationPort: destination }),
    ...(now >= 0 && { replySourcePort: now }),
  };
}

/** IPv6 is not translated here, so its text as given is the text as it is. */
function currentDestination(packet: Packet): string | undefined {
  if (packet.unknown & lacks.destination) return undefined;
  return packet.family === 'ipv6' ? packet.facts.destination : formatIpv4(packet.destination0 >>> 0);
}

type AddressKey = 'originSource' | 'originDestination' | 'replySource' | 'replyDestination';
type PortKey = `${AddressKey}Port`;

function address(key: AddressKey, held: Negatable<string>, family: Family): Question {
  const words = networkWords(held.value, family);
  return (_packet, connection) => {
    const text = connection[key];
    return text === undefined ? UNKNOWN : judged(textInNetwork(text, words) !== held.negated);
  };
}

const port =
  (key: PortKey, { negated, value }: Negatable<Range>): Question =>
  (_packet, connection) =>
    within(connection[key] ?? -1, value.from, value.to, negated);

function status({ negated, value }: Negatable<string[]>): Question {
  const wanted = value.filter((word) => word !== 'NONE');
  return (_packet, { status: held }) => {
    if (wanted.length === 0) return judged(negated);
    if (!held) return UNKNOWN;
    return judged(wanted.some((word) => (held as readonly string[]).includes(word)) !== negated);
  };
}

function questions(match: Of<'conntrack'>, family: Family): Question[] {
  const asked: Question[] = [];
  const { direction, protocol, expire } = match;
  if (direction) {
    asked.push((_packet, connection) =>
      connection.direction === undefined ? UNKNOWN : judged(connection.direction === direction),
    );
  }
  for (const key of ['originSource', 'originDestination', 'replySource', 'replyDestination'] as const) {
    const held = match[key];
    if (held) asked.push(address(key, held, family));
  }
  if (protocol) {
    asked.push((_packet, connection) =>
      within(connection.protocol ?? -1, protocol.value, protocol.value, protocol.negated),
    );
  }
  for (const key of [
    'originSourcePort',
    'originDestinationPort',
    'replySourcePort',
    'replyDestinationPort',
  ] as const) {
    const held = match[key];
    if (held) asked.push(port(key, held));
  }
  if (match.status) asked.push(status(match.status));
  if (expire) {
    asked.push((_packet, connection) =>
      within(connection.expires ?? -1, expire.value.from, expire.value.to, expire.negated),
    );
  }
  return asked;
}

/**
 * `xt_conntrack.c`: without a connection (INVALID, UNTRACKED) the states alone decide and all other questions are
 * passed over, turned round or not; a rule without states then never matches.
 */
export function conntrack(match: Of<'conntrack'>, family: Family): Judge {
  const { states } = match;
  const wanted = states ? bitsOf(states.value) : 0;
  const asked = questions(match, family);
  return (packet, at) => {
    const byState = states ? stateIs(packet, at, wanted, states.negated) : YES;
    const has = hasConnection(packet, at);
    if (has === false) return states ? byState : NO;
    if (asked.length === 0) return byState;
    if (has === null || packet.tracking === 'template') return both(byState, UNKNOWN);
    const connection = connectionOf(packet);
    return asked.reduce<Outcome>((so, question) => both(so, question(packet, connection)), byState);
  };
}

/** No connection, no match, turned round or not. */
export function connmark(match: Of<'connmark'>): Judge {
  const { negated, value } = match.mark;
  return (packet, at) => {
    const has = hasConnection(packet, at);
    if (has === false) return NO;
    const held = packet.connectionMark;
    if (has === null || held < 0 || packet.tracking === 'template') return UNKNOWN;
    return judged(((held & value.mask) >>> 0 === value.value) !== negated);
  };
}

/** A helper has what it expected only in connections that are RELATED, or were when they began. */
export function helper(match: Of<'helper'>): Judge {
  const { negated } = match.helper;
  return (packet, at) => {
    const has = hasConnection(packet, at);
    if (has === false) return judged(negated);
    return has && isNew(packet) && packet.tracking === 'given' ? judged(negated) : UNKNOWN;
  };
}

export function connbytes(): Judge {
  return (packet, at) => (hasConnection(packet, at) === false ? NO : UNKNOWN);
}
