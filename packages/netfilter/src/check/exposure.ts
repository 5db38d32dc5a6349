import { findMatch } from '../extensions/catalog.ts';
import { foreignOwner } from '../host/foreign.ts';
import type { Match, Policy, Rule, RuleSet, Table } from '../model.ts';
import { printRange, type Range } from '../values/codecs.ts';
import { ICMP, protocolName, TCP, UDP } from '../values/protocols.ts';

/** What the instance list says of a host's filter INPUT. */
export interface Exposure {
  inputPolicy: Policy | null;
  /** every port open to everybody; null when this look cannot tell */
  open: boolean | null;
  /** ports that a plain ACCEPT opens to everybody before anything stops them, as `tcp/22`, `udp/5000:5010` */
  openPorts: string[];
  /** where all else is open: ports that a plain DROP or REJECT shuts, but for sources that rules before it let in */
  closedPorts: string[];
}

/**
 * What one rule does to new connections from anywhere. `doubt`: it may let somebody in, at ports or on ways that
 * this look cannot name; `unsure`: what stands behind it cannot be told at all.
 */
type Effect =
  | 'none'
  | 'allowAll'
  | 'stopAll'
  | 'doubt'
  | 'unsure'
  | { verdict: 'opens' | 'closes'; ports: Ports[] };

interface Ports extends Range {
  protocol: number;
}

/**
 * A first look at INPUT of filter, for one column: its policy, and plain rules that open or shut ports to every
 * source. Chains that only ban single sources are passed over, and so are rules for some sources or for packets
 * of connections that exist. It never says "open" or "closed" of what it does not understand: `open` is then null
 * and the ports are those that are open at least. The same where packets meet rules before INPUT (raw, mangle,
 * nat), or rules of the other back end (`otherRules`).
 */
export function exposure(set: RuleSet, { otherRules = false } = {}): Exposure {
  const filter = set.tables.find((table) => table.name === 'filter');
  const input = filter?.chains.find((chain) => chain.name === 'INPUT');
  if (!filter || !input) return { inputPolicy: null, open: null, openPorts: [], closedPorts: [] };
  const elsewhere = otherRules || set.tables.some(meetsPacketsFirst);
  const opened: Ports[] = [];
  const closed: Ports[] = [];
  let doubt = false;
  const result = (said: boolean | null): Exposure => {
    const open = elsewhere || (said === false && doubt) ? null : said;
    return {
      inputPolicy: input.policy,
      open,
      // what stands before INPUT may stop them
      openPorts: elsewhere ? [] : printPorts(opened),
      closedPorts: open ? printPorts(closed) : [],
    };
  };
  for (const rule of input.rules) {
    const effect = effectOf(rule, filter);
    if (effect === 'unsure') return result(null);
    if (effect === 'allowAll') return result(true);
    if (effect === 'stopAll') return result(false);
    if (effect === 'doubt') doubt = true;
    else if (effect !== 'none' && effect.verdict === 'opens') opened.push(...without(effect.ports, closed));
    else if (effect !== 'none') {
      // somebody may have been let in there
      if (doubt || opened.length + closed.length > mostCompared) return result(null);
      closed.push(...without(effect.ports, opened));
    }
  }
  return result(input.policy === 'ACCEPT');
}

/** Each is compared with all before it, and a host may have 50,000 rules; a sentence has no room for as many. */
const mostCompared = 256;

/** What of `ports` no rule before has decided on. */
function without(ports: readonly Ports[], decided: readonly Ports[]): Ports[] {
  return decided.reduce<Ports[]>(
    (left, { protocol, from, to }) =>
      left.flatMap((each) => {
        if (each.protocol !== protocol || each.to < from || to < each.from) return [each];
        const below = { ...each, to: from - 1 };
        const above = { ...each, from: to + 1 };
        return [below, above].filter((rest) => rest.from <= rest.to);
      }),
    [...ports],
  );
}

function printPorts(ports: readonly Ports[]): string[] {
  const words = ports.map(({ protocol, ...range }) => `${protocolName(protocol)}/${printRange(range)}`);
  return [...new Set(words)];
}

/** Rules that a packet to the host passes before filter INPUT, or beside it (security). */
function meetsPacketsFirst(table: Table): boolean {
  const ahead = ['PREROUTING', 'INPUT'];
  if (table.name === 'filter') return false;
  return table.chains.some(
    (chain) => ahead.includes(chain.name) && (chain.rules.length > 0 || chain.policy === 'DROP'),
  );
}

/** Targets after which the next rule is tried. */
const passing: readonly string[] = ['LOG', 'NFLOG', 'ULOG', 'MARK', 'CONNMARK', 'AUDIT', 'SET', 'TRACE'];

/** Owners whose chains should hold nothing but bans; those of others (ufw, docker) accept as well. */
const banning: readonly string[] = ['sshguard', 'fail2ban'];

/** Whether a chain takes single sources away and does nothing else. */
function onlyBans(name: string, { chains }: Table): boolean {
  if (!banning.includes(foreignOwner(name) ?? '')) return false;
  const chain = chains.find((each) => each.name === name);
  return (chain?.rules ?? []).every((rule) => {
    const target = rule.target?.name ?? '';
    return target === 'RETURN' || (isAboutSomeSource(rule) && (target === 'DROP' || target === 'REJECT'));
  });
}

function effectOf(rule: Rule, filter: Table): Effect {
  const { target } = rule;
  if (rule.verbatim !== null) return 'unsure';
  if (target === null || passing.includes(target.name)) return 'none';
  if (target.kind === 'chain') return !target.goto && onlyBans(target.name, filter) ? 'none' : 'unsure';
  if (isPassedByNew(rule)) return 'none';
  const matches = rule.matches.filter((match) => !isWithoutEffect(match));
  const stops = target.name === 'DROP' || target.name === 'REJECT';
  if (target.name !== 'ACCEPT' && !stops) return 'unsure';
  if (isAnywhere(rule) && rule.protocol === null && matches.length === 0)
    return stops ? 'stopAll' : 'allowAll';
  // what is for some sources alone neither opens nor closes anything to everybody
  if (isAboutSomeSource(rule)) return 'none';
  // for one address of the host, or by one of its interfaces: open to everybody all the same, for all we know
  const ports = isAnywhere(rule) ? portsOf(rule, matches) : null;
  if (ports) return { verdict: stops ? 'closes' : 'opens', ports };
  return stops ? 'unsure' : 'doubt';
}

const isAnywhere = (rule: Rule): boolean =>
  !rule.source && !rule.destination && !rule.inInterface && !rule.outInterface && rule.fragment === null;

/** At most a 256th of all addresses: two halves of the internet, each "some source", are everybody. */
const widestSource = 8;

function isAboutSomeSource({ source }: Rule): boolean {
  if (!source || source.negated) return false;
  const prefix = /\/(\d+)$/.exec(source.value)?.[1];
  return prefix !== undefined && Number(prefix) >= widestSource;
}

/** What no first packet of a connection has; DNAT, SNAT and UNTRACKED it may well have. */
const laterStates: readonly string[] = ['ESTABLISHED', 'RELATED', 'INVALID'];

/** A rule that new connections pass by: for packets of connections that exist, for invalid ones, or for loopback. */
function isPassedByNew(rule: Rule): boolean {
  if (rule.inInterface?.value === 'lo' && !rule.inInterface.negated) return true;
  const states = findMatch(rule, 'conntrack')?.states ?? findMatch(rule, 'state')?.states;
  return !!states && !states.negated && states.value.every((state) => laterStates.includes(state));
}

/** Comments, and state conditions that the first packet of every connection fulfils. */
function isWithoutEffect(match: Match): boolean {
  if (!match.modelled) return false;
  if (match.name === 'comment') return true;
  if (match.name !== 'state' && match.name !== 'conntrack') return false;
  const { states } = match;
  return (
    !!states &&
    states.negated !== states.value.includes('NEW') &&
    Object.entries(match).every(([key, value]) => value === null || statesOnly.has(key))
  );
}

const statesOnly: ReadonlySet<string> = new Set(['name', 'modelled', 'states']);

/** Ports that a rule names; none for a protocol that has none, null where a condition hides which they are. */
function portsOf(rule: Rule, matches: readonly Match[]): Ports[] | null {
  const { protocol } = rule;
  if (!protocol || protocol.negated) return null;
  if (protocol.value === ICMP) return [];
  if (protocol.value !== TCP && protocol.value !== UDP) return null;
  const of = (range: Range): Ports => ({ protocol: protocol.value, ...range });
  if (matches.length === 0) return [of({ from: 0, to: 65_535 })];
  const match = matches[0];
  if (matches.length > 1 || !match?.modelled) return null;
  if (match.name === 'multiport') {
    const ports = match.destinationPorts;
    return ports && !ports.negated ? ports.value.map(of) : null;
  }
  if (match.name !== 'tcp' && match.name !== 'udp') return null;
  const ports = match.destinationPort;
  const narrower =
    match.sourcePort !== null || (match.name === 'tcp' && (match.flags ?? match.option) !== null);
  return ports && !ports.negated && !narrower ? [of(ports.value)] : null;
}
