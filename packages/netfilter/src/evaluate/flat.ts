import type { Family, Match, Negatable, Rule } from '../model.ts';
import { isEverywhere } from '../values/address.ts';
import type { Range } from '../values/codecs.ts';
import { bitsOf } from './conditions/connection.ts';
import { networkWords } from './conditions/core.ts';
import type { InterfacePatterns } from './interfaces.ts';
import { lacks, stateBits } from './packet.ts';

/** The five states of which a packet has one. */
export const allStates =
  stateBits.INVALID | stateBits.NEW | stateBits.RELATED | stateBits.ESTABLISHED | stateBits.UNTRACKED;

/** Numbers of one slot: what most rules test, and what a rule does, side by side in one line of the processor's cache. */
export const stride = 16;
export const DESTINATION_LOW = 0;
export const DESTINATION_HIGH = 1;
export const SOURCE = 2;
export const SOURCE_MASK = 3;
export const DESTINATION = 4;
export const DESTINATION_MASK = 5;
/** 0: any */
export const PROTOCOL = 6;
export const STATES = 7;
/** numbers of `InterfacePatterns` */
export const IN_INTERFACE = 8;
export const OUT_INTERFACE = 9;
export const SOURCE_LOW = 10;
export const SOURCE_HIGH = 11;
/** TCP flags: mask in the upper byte, what must be set in the lower */
export const FLAGS = 12;
/** `INVERT_…`: which of the addresses and the protocol stand behind a `!` */
export const INVERTED = 13;
/** of `action` */
export const ACTION = 14;
/** slot where the chain of a jump begins */
export const OPERAND = 15;

export const INVERT_SOURCE = 1;
export const INVERT_DESTINATION = 2;
export const INVERT_PROTOCOL = 4;

/** Below every port, as a packet without ports has -1. */
const anyLow = -1;
const anyHigh = 0xffff;

/** Slots that pass everything. */
export function newFlatTests(slots: number): Int32Array {
  const tests = new Int32Array(slots * stride);
  for (let at = 0; at < tests.length; at += stride) {
    tests[at + DESTINATION_LOW] = anyLow;
    tests[at + DESTINATION_HIGH] = anyHigh;
    tests[at + SOURCE_LOW] = anyLow;
    tests[at + SOURCE_HIGH] = anyHigh;
    tests[at + STATES] = allStates;
  }
  return tests;
}

/** A rule without what the flat tests took over, and which fields of a packet those need. */
interface Flattened {
  left: Rule;
  tested: number;
}

/** Matches that drop packets at once, even whole ones, for what their headers say. */
const droppers: readonly string[] = ['tcp', 'tcpmss', 'sctp', 'dccp'];

/** Puts into a slot what fits there exactly, for a packet that is whole and has all the tested fields. */
export function flatten(
  tests: Int32Array,
  slot: number,
  rule: Rule,
  family: Family,
  interfaces: InterfacePatterns,
): Flattened {
  if (rule.verbatim !== null) return { left: rule, tested: 0 };
  const at = slot * stride;
  const left: Rule = { ...rule };
  let tested = 0;
  let inverted = 0;
  for (const [side, word, mask, invert] of [
    ['source', SOURCE, SOURCE_MASK, INVERT_SOURCE],
    ['destination', DESTINATION, DESTINATION_MASK, INVERT_DESTINATION],
  ] as const) {
    const held = rule[side];
    if (!held) continue;
    tested |= lacks[side];
    const network = networkWords(held.value, family);
    // of IPv6 only the first word fits, which says nothing of what stands behind a `!`
    if (isEverywhere(held.value) || (held.negated && network.mask[1] !== 0)) continue;
    if (held.negated) inverted |= invert;
    tests[at + word] = network.bits[0];
    tests[at + mask] = network.mask[0];
    // the rest is tested again
    if (network.mask[1] === 0) left[side] = null;
  }
  for (const [side, field] of [
    ['inInterface', IN_INTERFACE],
    ['outInterface', OUT_INTERFACE],
  ] as const) {
    const held = rule[side];
    if (!held) continue;
    tested |= lacks[side];
    tests[at + field] = interfaces.number(held);
    left[side] = null;
  }
  if (rule.protocol) {
    tested |= lacks.protocol;
    tests[at + PROTOCOL] = rule.protocol.value;
    if (rule.protocol.negated) inverted |= INVERT_PROTOCOL;
    left.protocol = null;
  }
  tests[at + INVERTED] = inverted;
  let mayDrop = false;
  left.matches = rule.matches.filter((match) => {
    tested |= fieldsOf(match);
    if (!mayDrop && takesMatch(tests, at, rule, match)) return false;
    // whoever may drop the packet must be asked before what stands behind it
    mayDrop ||= droppers.includes(match.name);
    return true;
  });
  return { left, tested };
}

/** Fields whose lack makes such a match doubtful; matches with fields of their own ask for them themselves. */
function fieldsOf(match: Match): number {
  if (match.name === 'state' || match.name === 'conntrack') return lacks.state;
  return match.name === 'tcp' || match.name === 'udp'
    ? lacks.sourcePort | lacks.destinationPort | lacks.tcpFlags
    : 0;
}

function takesMatch(tests: Int32Array, at: number, rule: Rule, match: Match): boolean {
  if (match.name === 'comment') return true;
  // of two alike in one rule the second is left to be judged by itself
  if (!match.modelled || rule.matches.find(({ name }) => name === match.name) !== match) return false;
  if (match.name === 'state') return takesStates(tests, at, match.states);
  if (match.name === 'conntrack') {
    const others = Object.entries(match).some(
      ([key, value]) => value !== null && key !== 'name' && key !== 'modelled' && key !== 'states',
    );
    return !others && match.states !== null && takesStates(tests, at, match.states);
  }
  if (match.name !== 'tcp' && match.name !== 'udp') return false;
  const protocol = match.name === 'tcp' ? 6 : 17;
  if (!rule.protocol || rule.protocol.negated || rule.protocol.value !== protocol) return false;
  if (match.sourcePort?.negated || match.destinationPort?.negated) return false;
  if (match.name === 'tcp') {
    if (match.option !== null || match.flags?.negated) return false;
    if (match.flags) {
      tests[at + FLAGS] = (match.flags.value.mask << 8) | match.flags.value.set;
    }
  }
  takePorts(match.sourcePort, tests, at + SOURCE_LOW);
  takePorts(match.destinationPort, tests, at + DESTINATION_LOW);
  return true;
}

function takesStates(tests: Int32Array, at: number, { negated, value }: Negatable<string[]>): boolean {
  const wanted = bitsOf(value);
  if ((wanted & ~allStates) !== 0 || tests[at + STATES] !== allStates) return false;
  tests[at + STATES] = negated ? allStates & ~wanted : wanted;
  return true;
}

/** The high end stands behind the low one. */
function takePorts(held: Negatable<Range> | null, tests: Int32Array, low: number): void {
  if (held === null) return;
  tests[low] = held.value.from;
  tests[low + 1] = held.value.to;
}
