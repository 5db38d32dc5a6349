import type { Family, Negatable, Rule } from '../../model.ts';
import { parseIpv4Network } from '../../values/address.ts';
import { parseIpv6Network } from '../../values/address6.ts';
import { judged, UNKNOWN } from '../outcome.ts';
import { addressWords, groupWords, lacks, type Packet } from '../packet.ts';
import { interfaceAt } from '../place.ts';
import type { Condition, Judge } from './condition.ts';

/** A network as four signed 32-bit words, the first of IPv4 being the whole. */
export interface NetworkWords {
  bits: readonly [number, number, number, number];
  mask: readonly [number, number, number, number];
}

/** Of canonical text, as rules hold it. */
export function networkWords(text: string, family: Family): NetworkWords {
  if (family === 'ipv4') {
    const { bits, mask } = parseIpv4Network(text);
    return { bits: [bits | 0, 0, 0, 0], mask: [mask | 0, 0, 0, 0] };
  }
  const { groups, mask } = parseIpv6Network(text);
  return { bits: groupWords(groups), mask: groupWords(mask) };
}

export type Side = 'source' | 'destination';

export function inNetwork(packet: Packet, side: Side, { bits, mask }: NetworkWords): boolean {
  return side === 'source'
    ? (packet.source0 & mask[0]) === bits[0] &&
        (packet.source1 & mask[1]) === bits[1] &&
        (packet.source2 & mask[2]) === bits[2] &&
        (packet.source3 & mask[3]) === bits[3]
    : (packet.destination0 & mask[0]) === bits[0] &&
        (packet.destination1 & mask[1]) === bits[1] &&
        (packet.destination2 & mask[2]) === bits[2] &&
        (packet.destination3 & mask[3]) === bits[3];
}

/** A network that every address is in; its negation matches nothing, known or not. */
const isEverything = ({ mask }: NetworkWords): boolean => mask.every((word) => word === 0);

function network(side: Side, held: Negatable<string>, family: Family): Judge {
  const words = networkWords(held.value, family);
  if (isEverything(words)) return () => judged(!held.negated);
  return (packet) =>
    packet.unknown & lacks[side] ? UNKNOWN : judged(inNetwork(packet, side, words) !== held.negated);
}

/** Whether an address given as text is in a network, for the addresses of a connection. */
export function textInNetwork(text: string, { bits, mask }: NetworkWords): boolean {
  const words = addressWords(text);
  return words.every((word, i) => (word & (mask[i] ?? 0)) === bits[i]);
}

/** `eth+` is every name that begins so, with nothing behind it too. */
export function isInterface(name: string, pattern: string): boolean {
  return pattern.endsWith('+') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function iface(side: 'in' | 'out', held: Negatable<string>): Judge {
  if (held.value === '+') return () => judged(!held.negated);
  return (packet, at) => {
    const name = interfaceAt(packet, side, at);
    return name === undefined ? UNKNOWN : judged(isInterface(name, held.value) !== held.negated);
  };
}

function protocol({ negated, value }: Negatable<number>): Judge {
  if (value === 0) return () => judged(true);
  return (packet) => (packet.protocol < 0 ? UNKNOWN : judged((packet.protocol === value) !== negated));
}

function fragment(wanted: boolean): Judge {
  return (packet) => (packet.fragmentOffset < 0 ? UNKNOWN : judged((packet.fragmentOffset !== 0) === wanted));
}

/** What a rule tests without any match, in the kernel's order. */
export function coreConditions(rule: Rule, family: Family): Condition[] {
  const conditions: Condition[] = [];
  const add = (name: string, judge: Judge): void => {
    conditions.push({ name, judge });
  };
  if (rule.source) add('source', network('source', rule.source, family));
  if (rule.destination) add('destination', network('destination', rule.destination, family));
  if (rule.inInterface) add('inInterface', iface('in', rule.inInterface));
  if (rule.outInterface) add('outInterface', iface('out', rule.outInterface));
  if (rule.protocol) add('protocol', protocol(rule.protocol));
  if (rule.fragment !== null) add('fragment', fragment(rule.fragment));
  return conditions;
}
