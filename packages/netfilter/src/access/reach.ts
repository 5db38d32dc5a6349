import { compileRuleSet, type EvaluateOptions, type Evaluator, evaluate } from '../evaluate/evaluate.ts';
import type { PacketFields } from '../evaluate/packet.ts';
import { chainChanges } from '../host/chain-differences.ts';
import type { Rule, RuleSet } from '../model.ts';
import type { ChainChange } from '../plan/chain-change.ts';
import type { Range } from '../values/codecs.ts';
import {
  type Direction,
  memberOf,
  peerOf,
  portsOf,
  protocolNumber,
  stranger,
  type Transport,
  transportsOf,
} from './named.ts';

/** Whether a first packet of a connection gets through. */
export type Reach = 'open' | 'closed' | 'unknown';

/** What a change opens or closes. */
export interface ReachChangeView {
  direction: Direction;
  protocol: Transport;
  /** null: ports that no rule names, or icmp */
  ports: Range | null;
  /** null: everybody whom no rule names */
  peer: string | null;
  before: Reach;
  after: Reach;
}

export interface ReachOptions {
  /** where packets come in and go out, each with an address that the host has there */
  places: readonly { device: string; local: string }[];
  /** rules of the other back end, which filter as well and stay */
  beside?: readonly { set: RuleSet; evaluate: EvaluateOptions }[];
  evaluate?: EvaluateOptions;
  /** for a caller that has made the sets ready already, by the same options */
  compile?: typeof compileRuleSet;
}

/** As many as a person reads; a change of hundreds of ports is told by its first ones. */
const maxChanges = 100;
const maxIntervals = 64;
const maxPeers = 24;
/** A rule that moved past more than that is told by the first of them. */
const maxPassed = 50;

/** A port of the far end of connections that nobody would name in a rule. */
const clientPort = 47_011;
const otherPorts = [47_013, 50_021, 60_013, 33_331, 20_011];

/** What the changed rules speak of, for one direction and protocol. */
interface Topic {
  direction: Direction;
  protocol: Transport;
  ranges: Range[];
  /** a changed rule speaks of all ports, and of everybody */
  allPorts: boolean;
  peers: Set<string | null>;
}

/**
 * What a change of rules opens and closes, for the ports and addresses that its rules name: what the rest of the rules
 * lets in is not told again. A rule that names none speaks of all, and so of those that other rules name. The first
 * packet of a connection is judged, at each place until one differs.
 */
export function reachChanges(before: RuleSet, after: RuleSet, options: ReachOptions): ReachChangeView[] {
  const topics = topicsOf(before, after);
  if (topics.length === 0) return [];
  const { family } = after;
  const { compile = compileRuleSet } = options;
  const beside = (options.beside ?? []).map((other) => compile(other.set, other.evaluate));
  const old = [compile(before, options.evaluate), ...beside];
  const now = [compile(after, options.evaluate), ...beside];
  const others = (options.beside ?? []).flatMap(({ set }) => set.tables);
  const all: RuleSet = { family, tables: [...before.tables, ...after.tables, ...others] };
  const everybody = stranger(all);
  const changes: ReachChangeView[] = [];
  for (const topic of topics) {
    const { direction, protocol } = topic;
    const known = namedIn(all, protocol);
    for (const peer of peersOf(topic, all)) {
      const address = peer === null ? everybody : memberOf(peer, family);
      for (const ports of intervals(topic, known)) {
        const port = ports?.from ?? otherPort(known);
        const judge = (side: readonly Evaluator[], place: ReachOptions['places'][number]) =>
          reachOf(side, firstPacket({ direction, protocol, port, address, place, family }), direction);
        for (const place of options.places) {
          const [was, is] = [judge(old, place), judge(now, place)];
          if (was === is) continue;
          note(changes, { direction, protocol, ports, peer, before: was, after: is });
          break;
        }
        if (changes.length >= maxChanges) return changes;
      }
    }
  }
  return withoutRepetitions(changes);
}

function topicsOf(before: RuleSet, after: RuleSet): Topic[] {
  const topics = new Map<string, Topic>();
  const topic = (direction: Direction, protocol: Transport): Topic => {
    const key = `${direction} ${protocol}`;
    const found = topics.get(key) ?? { direction, protocol, ranges: [], allPorts: false, peers: new Set() };
    topics.set(key, found);
    return found;
  };
  for (const change of chainChanges(before, after)) {
    const rules = [
      ...passedBy(change, after),
      ...change.removed.map(({ rule }) => rule),
      ...change.added.map(({ rule }) => rule),
      ...change.replaced.flatMap(({ before: old, after: now }) => [old, now]),
    ];
    for (const direction of directionsOf(change.table, change.chain, [before, after])) {
      for (const rule of rules) addRule(rule, direction, after, topic);
      if (change.policy === null) continue;
      for (const protocol of ['tcp', 'udp', 'icmp'] as const) {
        const found = topic(direction, protocol);
        found.allPorts = true;
        found.peers.add(null);
      }
    }
  }
  return [...topics.values()];
}

/** Rules that moved, and those that they have passed by: which of them comes first is what a move is about. */
function passedBy({ table, chain, moved }: ChainChange, after: RuleSet): Rule[] {
  const chains = after.tables.find(({ name }) => name === table)?.chains ?? [];
  const rules = chains.find(({ name }) => name === chain)?.rules ?? [];
  return moved.flatMap(({ from, to }) =>
    rules.slice(Math.min(from, to) - 1, Math.min(from, to) - 1 + maxPassed).slice(0, Math.abs(from - to) + 1),
  );
}

function addRule(
  rule: Rule,
  direction: Direction,
  set: RuleSet,
  topic: (direction: Direction, protocol: Transport) => Topic,
): void {
  const ports = portsOf(rule);
  const peer = peerOf(rule, direction);
  for (const protocol of transportsOf(rule, set)) {
    const found = topic(direction, protocol);
    if (protocol === 'icmp' || ports.length === 0) found.allPorts = true;
    else found.ranges.push(...ports);
    // what a rule does to one address it does not do to the others, and the other way round where it is negated
    if (found.peers.size < maxPeers) found.peers.add(peer);
    if (peer === null || rule.source?.negated || rule.destination?.negated) found.peers.add(null);
  }
}

const hooks: Readonly<Record<string, Direction>> = {
  PREROUTING: 'in',
  INPUT: 'in',
  OUTPUT: 'out',
  POSTROUTING: 'out',
};

/** From which built-in chains packets come into a chain. */
function directionsOf(table: string, chain: string, sets: readonly RuleSet[]): Direction[] {
  const found = new Set<Direction>();
  for (const { tables } of sets) {
    const chains = tables.find(({ name }) => name === table)?.chains ?? [];
    const seen = new Set([chain]);
    for (const name of seen) {
      const direction = hooks[name];
      if (direction) found.add(direction);
      for (const each of chains) {
        if (each.rules.some(({ target }) => target?.kind === 'chain' && target.name === name))
          seen.add(each.name);
      }
    }
  }
  return [...found];
}

/** Every port at which some rule begins or ends, and what is named at all. */
interface Known {
  cuts: number[];
  ranges: Range[];
}

const rulesOf = ({ tables }: RuleSet): Rule[] =>
  tables.flatMap(({ chains }) => chains.flatMap(({ rules }) => rules));

/** Where a changed rule speaks of everybody, it may be those whom others name that it lets in or stops. */
function peersOf({ direction, peers }: Topic, all: RuleSet): Set<string | null> {
  if (!peers.has(null)) return peers;
  const everyone = new Set(peers);
  for (const rule of rulesOf(all)) {
    if (everyone.size >= maxPeers) break;
    everyone.add(peerOf(rule, direction));
  }
  return everyone;
}

function namedIn(all: RuleSet, protocol: Transport): Known {
  const about = rulesOf(all).filter((rule) => transportsOf(rule, all).includes(protocol));
  const ranges = about.flatMap(portsOf);
  const cuts = new Set(ranges.flatMap(({ from, to }) => [from, to + 1]));
  return { cuts: [...cuts].sort((a, b) => a - b), ranges };
}

const otherPort = ({ ranges }: Known): number =>
  otherPorts.find((port) => !ranges.some(({ from, to }) => from <= port && port <= to)) ?? clientPort;

/** The ports of a topic, cut where some rule begins or ends, so that one port stands for all of its interval. */
function intervals({ protocol, ranges, allPorts }: Topic, { cuts, ranges: named }: Known): (Range | null)[] {
  if (protocol === 'icmp') return [null];
  const starts = new Map<number, Range>();
  for (const { from, to } of allPorts ? [...ranges, ...named] : ranges) {
    let start = from;
    for (let next = firstAbove(cuts, from); starts.size < maxIntervals; next++) {
      const cut = cuts[next] ?? Number.POSITIVE_INFINITY;
      starts.set(start, { from: start, to: Math.min(cut - 1, to) });
      if (cut > to) break;
      start = cut;
    }
    // tens of thousands of rules may name as many ports
    if (starts.size >= maxIntervals) break;
  }
  const sorted = [...starts.values()].sort((a, b) => a.from - b.from);
  return allPorts ? [...sorted, null] : sorted;
}

/** Where in ascending numbers the first stands that is larger. */
function firstAbove(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

interface First {
  direction: Direction;
  protocol: Transport;
  port: number;
  address: string;
  place: ReachOptions['places'][number];
  family: RuleSet['family'];
}

function firstPacket({ direction, protocol, port, address, place, family }: First): PacketFields {
  const ends =
    direction === 'in'
      ? { source: address, destination: place.local, inInterface: place.device }
      : { source: place.local, destination: address, outInterface: place.device };
  const fields: PacketFields = {
    ...ends,
    protocol: protocolNumber(protocol, { family }),
    state: 'NEW',
    mark: 0,
    packetType: 'unicast',
  };
  if (protocol === 'icmp') return { ...fields, icmpType: family === 'ipv4' ? 8 : 128, icmpCode: 0 };
  const ports = { sourcePort: clientPort, destinationPort: port };
  return protocol === 'tcp' ? { ...fields, ...ports, tcpFlags: ['SYN'] } : { ...fields, ...ports };
}

function reachOf(sides: readonly Evaluator[], packet: PacketFields, direction: Direction): Reach {
  const path = direction === 'in' ? 'input' : 'output';
  let reach: Reach = 'open';
  for (const side of sides) {
    const evaluation = evaluate(side, packet, path);
    const possible = evaluation.possible;
    if (!possible.includes('accept') && !possible.includes('queue')) return 'closed';
    if (possible.length > 1 || possible[0] === 'queue') reach = 'unknown';
  }
  return reach;
}

/** Neighbours that fare alike are one. */
function note(changes: ReachChangeView[], change: ReachChangeView): void {
  const before = changes.at(-1);
  const alike = before && sameBut(before, change);
  if (alike && before.ports && change.ports && before.ports.to + 1 === change.ports.from) {
    before.ports = { from: before.ports.from, to: change.ports.to };
  } else changes.push(change);
}

const sameBut = (a: ReachChangeView, b: ReachChangeView): boolean =>
  a.direction === b.direction &&
  a.protocol === b.protocol &&
  a.peer === b.peer &&
  a.before === b.before &&
  a.after === b.after;

/** What holds for everybody is not repeated for single addresses. */
function withoutRepetitions(changes: readonly ReachChangeView[]): ReachChangeView[] {
  const same = (a: Range | null, b: Range | null) => a?.from === b?.from && a?.to === b?.to;
  return changes.filter(
    (change) =>
      change.peer === null ||
      !changes.some((other) => sameBut({ ...change, peer: null }, other) && same(change.ports, other.ports)),
  );
}
