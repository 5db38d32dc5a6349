import { findMatch } from './catalog.ts';
import { printRange } from './codecs.ts';
import { foreignOwner } from './foreign.ts';
import type { Match, Policy, Rule, RuleSet } from './model.ts';
import { protocolName, TCP, UDP } from './protocols.ts';

/** What the instance list says of a host's filter INPUT. */
export interface Exposure {
  inputPolicy: Policy | null;
  /** every port open to everybody; null when this look cannot tell */
  open: boolean | null;
  /** ports that a plain ACCEPT opens to everybody before anything stops them, as `tcp/22`, `udp/5000:5010` */
  openPorts: string[];
}

/** What one rule does to new connections from anywhere. */
type Effect = 'none' | 'allowAll' | 'stopAll' | 'unsure' | { opens: string[] };

/**
 * A first look at INPUT of filter, for one column: its policy, and plain ACCEPT rules without source or
 * interface. Jumps to chains of other programs are passed over (they take single sources away), and so are
 * rules that stop single sources or invalid packets. From the first rule that this look does not understand,
 * `open` is null and no further port is named.
 */
export function exposure(set: RuleSet): Exposure {
  const filter = set.tables.find((table) => table.name === 'filter');
  const input = filter?.chains.find((chain) => chain.name === 'INPUT');
  if (!input) return { inputPolicy: null, open: null, openPorts: [] };
  const ports = new Set<string>();
  const result = (open: boolean | null): Exposure => ({
    inputPolicy: input.policy,
    open,
    openPorts: [...ports],
  });
  for (const rule of input.rules) {
    const effect = effectOf(rule);
    if (effect === 'unsure') return result(null);
    if (effect === 'allowAll') return result(true);
    if (effect === 'stopAll') return result(false);
    if (effect !== 'none') for (const port of effect.opens) ports.add(port);
  }
  return result(input.policy === 'ACCEPT');
}

/** Targets after which the next rule is tried. */
const passing: readonly string[] = ['LOG', 'NFLOG', 'ULOG', 'MARK', 'CONNMARK', 'AUDIT', 'SET', 'TRACE'];

function effectOf(rule: Rule): Effect {
  const { target } = rule;
  if (rule.verbatim !== null) return 'unsure';
  if (target === null || passing.includes(target.name)) return 'none';
  if (target.kind === 'chain') return foreignOwner(target.name) ? 'none' : 'unsure';
  if (isPassedByNew(rule)) return 'none';
  const matches = rule.matches.filter((match) => !isWithoutEffect(match));
  const anywhere = isAnywhere(rule);
  if (anywhere && rule.protocol === null && matches.length === 0) {
    if (target.name === 'ACCEPT') return 'allowAll';
    return target.name === 'DROP' || target.name === 'REJECT' ? 'stopAll' : 'unsure';
  }
  // what a narrower ACCEPT lets in is not open to everybody
  if (target.name === 'ACCEPT') return anywhere ? { opens: portsOf(rule, matches) } : 'none';
  return isAboutSomeSource(rule) && (target.name === 'DROP' || target.name === 'REJECT') ? 'none' : 'unsure';
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

function portsOf(rule: Rule, matches: readonly Match[]): string[] {
  const { protocol } = rule;
  if (!protocol || protocol.negated || (protocol.value !== TCP && protocol.value !== UDP)) return [];
  const name = protocolName(protocol.value);
  if (matches.length === 0) return [`${name}/0:65535`];
  if (matches.length > 1) return [];
  const match = matches[0];
  if (!match?.modelled) return [];
  if (match.name === 'multiport') {
    const ports = match.destinationPorts;
    return ports && !ports.negated ? ports.value.map((range) => `${name}/${printRange(range)}`) : [];
  }
  if (match.name !== 'tcp' && match.name !== 'udp') return [];
  const ports = match.destinationPort;
  const narrower =
    match.sourcePort !== null || (match.name === 'tcp' && (match.flags ?? match.option) !== null);
  return ports && !ports.negated && !narrower ? [`${name}/${printRange(ports.value)}`] : [];
}
