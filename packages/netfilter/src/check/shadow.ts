import type { Family, Match, Negatable, Rule } from '../model.ts';
import { sameValue } from '../plan/same-rule.ts';
import { type Ipv4Network, parseIpv4Network } from '../values/address.ts';
import type { Range } from '../values/codecs.ts';

/** A rule that no packet comes to, since an earlier one of its chain takes them all; places from 1. */
export interface Shadow {
  number: number;
  by: number;
}

/**
 * The rules of one chain that are never reached where that is plain: each is named with the first earlier rule that
 * tests at most what it tests and ends the packet's way through the chain. What takes several rules together, or a
 * chain that is called in between, is not seen; nothing is named that can be reached.
 */
export function shadowsOf(rules: readonly Rule[], family: Family = 'ipv4'): Shadow[] {
  const outlines = new Outlines(rules.length);
  const shadows: Shadow[] = [];
  for (const [index, rule] of rules.entries()) {
    const by = outlines.firstThatMayCover(outlineOf(rule, family), (at) =>
      covers(rules[at] as Rule, rule, family),
    );
    if (by >= 0) shadows.push({ number: index + 1, by: by + 1 });
    else if (endsWay(rule)) outlines.add(index, outlineOf(rule, family));
  }
  return shadows;
}

/** What tells most pairs of rules apart, as numbers: -1 for any protocol, and networks with mask 0 for any. */
interface Outline {
  protocol: number;
  source: Ipv4Network;
  destination: Ipv4Network;
}

const anywhere: Ipv4Network = { bits: 0, mask: 0 };

function outlineOf(rule: Rule, family: Family): Outline {
  const network = (held: Negatable<string> | null) =>
    held && !held.negated && family === 'ipv4' ? parseIpv4Network(held.value) : anywhere;
  return {
    protocol: rule.protocol && !rule.protocol.negated ? rule.protocol.value : -1,
    source: network(rule.source),
    destination: network(rule.destination),
  };
}

/** Rules that end every packet's way, in flat arrays: ten thousand rules are fifty million pairs. */
class Outlines {
  private count = 0;
  private readonly rule: Int32Array;
  private readonly protocol: Int32Array;
  private readonly networks: Int32Array;

  constructor(most: number) {
    this.rule = new Int32Array(most);
    this.protocol = new Int32Array(most);
    this.networks = new Int32Array(most * 4);
  }

  add(rule: number, { protocol, source, destination }: Outline): void {
    this.rule[this.count] = rule;
    this.protocol[this.count] = protocol;
    this.networks.set([source.bits, source.mask, destination.bits, destination.mask], this.count * 4);
    this.count += 1;
  }

  /** The first of which the numbers do not tell that it cannot cover the rule, and `check` says that it does; or -1. */
  firstThatMayCover({ protocol, source, destination }: Outline, check: (rule: number) => boolean): number {
    const { networks } = this;
    for (let at = 0; at < this.count; at++) {
      const other = this.protocol[at];
      if (other !== -1 && protocol !== -1 && other !== protocol) continue;
      const from = at * 4;
      // a rule for more addresses than these has bits outside of their masks
      if ((source.bits & (networks[from + 1] ?? 0)) !== (networks[from] ?? 0) && source.mask !== 0) continue;
      if (
        (destination.bits & (networks[from + 3] ?? 0)) !== (networks[from + 2] ?? 0) &&
        destination.mask !== 0
      )
        continue;
      const rule = this.rule[at] ?? -1;
      if (check(rule)) return rule;
    }
    return -1;
  }
}

const enders: readonly string[] = [
  'ACCEPT',
  'DROP',
  'REJECT',
  'RETURN',
  'QUEUE',
  'DNAT',
  'SNAT',
  'MASQUERADE',
  'REDIRECT',
  'NETMAP',
];

/** Whether no packet that the rule matches goes on to the rules behind it. */
function endsWay({ target, verbatim }: Rule): boolean {
  if (verbatim !== null || target === null) return false;
  if (target.kind === 'chain') return target.goto;
  return enders.includes(target.name);
}

/** Whether every packet that `b` matches is sure to match `a`. */
function covers(a: Rule, b: Rule, family: Family): boolean {
  if (a.verbatim !== null || b.verbatim !== null) return false;
  return (
    coversAddress(a.source, b.source, family) &&
    coversAddress(a.destination, b.destination, family) &&
    coversInterface(a.inInterface, b.inInterface) &&
    coversInterface(a.outInterface, b.outInterface) &&
    coversProtocol(a.protocol, b.protocol) &&
    (a.fragment === null || a.fragment === b.fragment) &&
    a.matches.every((match) => coversMatch(match, b))
  );
}

type Held<T> = Negatable<T> | null;

function coversAddress(a: Held<string>, b: Held<string>, family: Family): boolean {
  if (a === null) return true;
  if (b === null) return false;
  if (a.value === b.value) return a.negated === b.negated;
  if (family !== 'ipv4' || a.negated !== b.negated) return false;
  const [outer, inner] = a.negated ? [b, a] : [a, b];
  return contains(parseIpv4Network(outer.value), parseIpv4Network(inner.value));
}

function contains(outer: Ipv4Network, inner: Ipv4Network): boolean {
  return (inner.bits & outer.mask) >>> 0 === outer.bits && (inner.mask & outer.mask) >>> 0 === outer.mask;
}

function coversInterface(a: Held<string>, b: Held<string>): boolean {
  if (a === null) return true;
  if (b === null || a.negated !== b.negated) return false;
  if (a.value === b.value) return true;
  const [outer, inner] = a.negated ? [b.value, a.value] : [a.value, b.value];
  return outer.endsWith('+') && inner.startsWith(outer.slice(0, -1));
}

function coversProtocol(a: Held<number>, b: Held<number>): boolean {
  if (a === null) return true;
  if (b === null) return false;
  if (a.negated) return b.negated ? a.value === b.value : a.value !== b.value;
  return !b.negated && a.value === b.value;
}

/** Matches whose answer hangs on the packet alone: equal ones answer alike. Others count, draw lots or know the time. */
const pure: readonly string[] = [
  'tcp',
  'udp',
  'icmp',
  'icmp6',
  'multiport',
  'conntrack',
  'state',
  'mark',
  'mac',
  'iprange',
  'length',
  'ttl',
  'hl',
  'tos',
  'dscp',
  'owner',
  'pkttype',
  'addrtype',
  'connmark',
  'tcpmss',
  'sctp',
];

function coversMatch(a: Match, { matches }: Rule): boolean {
  if (a.name === 'comment') return true;
  if (!a.modelled || !pure.includes(a.name)) return false;
  if (matches.some((b) => b.name === a.name && sameValue(a, b))) return true;
  if (a.name === 'tcp' || a.name === 'udp') {
    if (a.name === 'tcp' && (a.flags !== null || a.option !== null)) return false;
    return (
      coversPorts(a.sourcePort, portsOf(matches, 'source')) &&
      coversPorts(a.destinationPort, portsOf(matches, 'destination'))
    );
  }
  if (a.name === 'multiport' && a.eitherPorts === null) {
    return (
      coversPorts(a.sourcePorts, portsOf(matches, 'source')) &&
      coversPorts(a.destinationPorts, portsOf(matches, 'destination'))
    );
  }
  if (a.name === 'conntrack' || a.name === 'state') return coversStates(a, matches);
  return false;
}

/** The ports that a rule asks for, turned round or not. */
function portsOf(matches: readonly Match[], side: 'source' | 'destination'): Negatable<Range[]> | null {
  for (const match of matches) {
    if (!match.modelled) continue;
    if (match.name === 'tcp' || match.name === 'udp') {
      const held = side === 'source' ? match.sourcePort : match.destinationPort;
      if (held) return { negated: held.negated, value: [held.value] };
    }
    if (match.name === 'multiport') {
      const held = side === 'source' ? match.sourcePorts : match.destinationPorts;
      if (held) return held;
    }
  }
  return null;
}

function coversPorts(a: Negatable<Range> | Negatable<Range[]> | null, b: Negatable<Range[]> | null): boolean {
  if (a === null) return true;
  if (b === null || a.negated || b.negated) return false;
  const wide = Array.isArray(a.value) ? a.value : [a.value];
  return b.value.every((inner) => wide.some((outer) => outer.from <= inner.from && inner.to <= outer.to));
}

function coversStates(a: Extract<Match, { modelled: true }>, matches: readonly Match[]): boolean {
  const wide = statesOf(a);
  if (!wide || wide.negated) return false;
  return matches.some((match) => {
    const narrow = statesOf(match);
    return narrow !== null && !narrow.negated && narrow.value.every((state) => wide.value.includes(state));
  });
}

/** The states of a match that asks for nothing else. */
function statesOf(match: Match): Negatable<string[]> | null {
  if (!match.modelled || (match.name !== 'conntrack' && match.name !== 'state')) return null;
  const asked = Object.entries(match).filter(
    ([key, value]) => value !== null && key !== 'name' && key !== 'modelled',
  );
  return asked.length === 1 ? (match.states as Negatable<string[]> | null) : null;
}
