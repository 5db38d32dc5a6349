import { findMatch } from './catalog.ts';
import { printRange } from './codecs.ts';
import { foreignOwner } from './foreign.ts';
import type { Match, Policy, Rule, RuleSet } from './model.ts';
import { ICMP, protocolName, TCP, UDP } from './protocols.ts';

/** What the instance list says of a host's filter INPUT. */
export interface Exposure {
  inputPolicy: Policy | null;
  /** every port open to everybody; null when this look cannot tell */
  open: boolean | null;
  /** ports that a plain ACCEPT opens to everybody before anything stops them, as `tcp/22`, `udp/5000:5010` */
  openPorts: string[];
}

/**
 * What one rule does to new connections from anywhere. `doubt`: it may let somebody in, at ports or on ways that
 * this look cannot name; `unsure`: what stands behind it cannot be told at all.
 */
type Effect = 'none' | 'allowAll' | 'stopAll' | 'doubt' | 'unsure' | { opens: string[] };

/**
 * A first look at INPUT of filter, for one column: its policy, and plain ACCEPT rules that are open to every
 * source. SSHGUARD's and fail2ban's chains are passed over (they take single sources away), and so are rules for
 * single sources or invalid packets. It never says "closed" of what it does not understand: from then on `open`
 * is null at best.
 */
export function exposure(set: RuleSet): Exposure {
  const filter = set.tables.find((table) => table.name === 'filter');
  const input = filter?.chains.find((chain) => chain.name === 'INPUT');
  if (!input) return { inputPolicy: null, open: null, openPorts: [] };
  const ports = new Set<string>();
  let doubt = false;
  const result = (open: boolean | null): Exposure => ({
    inputPolicy: input.policy,
    open: open === false && doubt ? null : open,
    openPorts: [...ports],
  });
  for (const rule of input.rules) {
    const effect = effectOf(rule);
    if (effect === 'unsure') return result(null);
    if (effect === 'allowAll') return result(true);
    if (effect === 'stopAll') return result(false);
    if (effect === 'doubt') doubt = true;
    else if (effect !== 'none') for (const port of effect.opens) ports.add(port);
  }
  return result(input.policy === 'ACCEPT');
}

/** Targets after which the next rule is tried. */
const passing: readonly string[] = ['LOG', 'NFLOG', 'ULOG', 'MARK', 'CONNMARK', 'AUDIT', 'SET', 'TRACE'];

/** Owners whose chains hold nothing but bans; those of others (ufw, docker) accept as well. */
const banning: readonly string[] = ['sshguard', 'fail2ban'];

function effectOf(rule: Rule): Effect {
  const { target } = rule;
  if (rule.verbatim !== null) return 'unsure';
  if (target === null || passing.includes(target.name)) return 'none';
  if (target.kind === 'chain') return banning.includes(foreignOwner(target.name) ?? '') ? 'none' : 'unsure';
  if (isPassedByNew(rule)) return 'none';
  const matches = rule.matches.filter((match) => !isWithoutEffect(match));
  const stops = target.name === 'DROP' || target.name === 'REJECT';
  if (target.name !== 'ACCEPT' && !stops) return 'unsure';
  if (isAnywhere(rule) && rule.protocol === null && matches.length === 0)
    return stops ? 'stopAll' : 'allowAll';
  // what is for some sources alone neither opens nor closes anything to everybody
  if (isAboutSomeSource(rule)) return 'none';
  if (stops) return 'unsure';
  // for one address of the host, or by one of its interfaces: open to everybody all the same, for all we know
  if (!isAnywhere(rule)) return 'doubt';
  const opens = portsOf(rule, matches);
  return opens ? { opens } : 'doubt';
}

const isAnywhere = (rule: Rule): boolean =>
  !rule.source && !rule.destination && !rule.inInterface && !rule.outInterface && rule.fragment === null;

const isAboutSomeSource = (rule: Rule): boolean =>
  rule.source !== null && !rule.source.negated && !rule.source.value.endsWith('/0');

/** A rule for states that no new connection has: ESTABLISHED, RELATED, INVALID. Or for loopback. */
function isPassedByNew(rule: Rule): boolean {
  if (rule.inInterface?.value === 'lo' && !rule.inInterface.negated) return true;
  const states = findMatch(rule, 'conntrack')?.states ?? findMatch(rule, 'state')?.states;
  return states !== undefined && states !== null && states.negated === states.value.includes('NEW');
}

/** Comments, and state conditions that new connections fulfil. */
function isWithoutEffect(match: Match): boolean {
  if (!match.modelled) return false;
  if (match.name === 'comment' || match.name === 'state') return true;
  return (
    match.name === 'conntrack' &&
    Object.entries(match).every(([key, value]) => value === null || statesOnly.has(key))
  );
}

const statesOnly: ReadonlySet<string> = new Set(['name', 'modelled', 'states']);

/** Ports that an ACCEPT names; none for a protocol that has none, null where a condition hides which they are. */
function portsOf(rule: Rule, matches: readonly Match[]): string[] | null {
  const { protocol } = rule;
  if (!protocol || protocol.negated) return null;
  if (protocol.value === ICMP) return [];
  if (protocol.value !== TCP && protocol.value !== UDP) return null;
  const name = protocolName(protocol.value);
  if (matches.length === 0) return [`${name}/0:65535`];
  const match = matches[0];
  if (matches.length > 1 || !match?.modelled) return null;
  if (match.name === 'multiport') {
    const ports = match.destinationPorts;
    return ports && !ports.negated ? ports.value.map((range) => `${name}/${printRange(range)}`) : null;
  }
  if (match.name !== 'tcp' && match.name !== 'udp') return null;
  const ports = match.destinationPort;
  const narrower =
    match.sourcePort !== null || (match.name === 'tcp' && (match.flags ?? match.option) !== null);
  return ports && !ports.negated && !narrower ? [`${name}/${printRange(ports.value)}`] : null;
}
