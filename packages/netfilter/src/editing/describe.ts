import { findMatch, targetOf } from '../extensions/catalog.ts';
import type { Negatable, Rule } from '../model.ts';
import { printMatches, printTarget } from '../print/print.ts';
import { printRange, type Range } from '../values/codecs.ts';
import { isAnyInterface } from '../values/interface-name.ts';
import { protocolName } from '../values/protocols.ts';

/** A condition in words: the text to show, and whether it is turned round ("not from 10.0.0.0/8"). */
export interface Words {
  not: boolean;
  text: string;
}

/**
 * A rule as the parts of a sentence, for the console to say in either language: "외부에서 tcp/22 접속을 허용",
 * "allow tcp/22 from anywhere". Null parts are not tested.
 */
export interface RuleWords {
  /** what happens: `count` for a rule without target, `other` for targets such as LOG */
  kind: 'allow' | 'drop' | 'reject' | 'return' | 'jump' | 'log' | 'nat' | 'count' | 'other';
  /** name of the target or chain; empty for `count` */
  target: string;
  /** the target's options in save form (`--reject-with tcp-reset`), empty when there are none */
  targetOptions: string;
  protocol: Words | null;
  source: Words | null;
  destination: Words | null;
  /** `22`, `80:443`, `22,80,443` */
  sourcePort: Words | null;
  destinationPort: Words | null;
  /** multiport `--ports`: source or destination */
  anyPort: Words | null;
  inInterface: Words | null;
  outInterface: Words | null;
  /** connection states in the tool's order */
  states: { not: boolean; states: string[] } | null;
  icmpType: Words | null;
  comment: string | null;
  /** loopback traffic: the rule's only condition is `-i lo` or `-o lo` */
  loopback: boolean;
  /** conditions that the parts above do not say, in save form; empty when they say all */
  rest: string;
}

const words = (held: Negatable<string> | null): Words | null =>
  held && { not: held.negated, text: held.value };

const portWords = (held: Negatable<Range> | null): Words | null =>
  held && { not: held.negated, text: printRange(held.value) };

const portListWords = (held: Negatable<Range[]> | null): Words | null =>
  held && { not: held.negated, text: held.value.map(printRange).join(',') };

/** Matches that the sentence says whole. TCP flags and the like stay in `rest`. */
const said = ['udp', 'multiport', 'state', 'comment', 'icmp', 'icmp6'];

/** Takes a rule apart for a sentence. Loses nothing: what has no part of its own stands in `rest`. */
export function describeRule(rule: Rule): RuleWords {
  const tcp = findMatch(rule, 'tcp');
  const conntrack = findMatch(rule, 'conntrack');
  const ports = tcp ?? findMatch(rule, 'udp');
  const many = findMatch(rule, 'multiport');
  const state = findMatch(rule, 'state')?.states ?? conntrack?.states ?? null;
  const icmp = (findMatch(rule, 'icmp') ?? findMatch(rule, 'icmp6'))?.type ?? null;
  const saidHere = [...said];
  if (tcp && tcp.flags === null && tcp.option === null) saidHere.push('tcp');
  if (
    conntrack &&
    Object.values(conntrack).filter((value) => value !== null).length === 3 &&
    conntrack.states
  ) {
    saidHere.push('conntrack');
  }
  // a second match of the same name, or for a place that is taken, has no part of its own
  const names = rule.matches.map((match) => match.name);
  const hidden = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  if ((many?.sourcePorts && ports?.sourcePort) || (many?.destinationPorts && ports?.destinationPort)) {
    hidden.add('multiport');
  }
  if (findMatch(rule, 'state')) hidden.add('conntrack');
  const once = saidHere.filter((name) => !hidden.has(name));
  const fragment = rule.fragment === null ? '' : rule.fragment ? '-f' : '! -f';
  return {
    ...verdictOf(rule),
    protocol: rule.protocol && { not: rule.protocol.negated, text: protocolName(rule.protocol.value) },
    source: words(rule.source),
    destination: words(rule.destination),
    sourcePort: portWords(ports?.sourcePort ?? null) ?? portListWords(many?.sourcePorts ?? null),
    destinationPort:
      portWords(ports?.destinationPort ?? null) ?? portListWords(many?.destinationPorts ?? null),
    anyPort: portListWords(many?.eitherPorts ?? null),
    inInterface: rule.inInterface && isAnyInterface(rule.inInterface) ? null : words(rule.inInterface),
    outInterface: rule.outInterface && isAnyInterface(rule.outInterface) ? null : words(rule.outInterface),
    states: state && { not: state.negated, states: state.value },
    icmpType: icmp && {
      not: icmp.negated,
      text: icmp.value.code === null ? String(icmp.value.type) : `${icmp.value.type}/${icmp.value.code}`,
    },
    comment: findMatch(rule, 'comment')?.comment ?? null,
    loopback: isLoopback(rule),
    rest: rule.verbatim ?? [fragment, printMatches(rule, once)].filter(Boolean).join(' '),
  };
}

function isLoopback(rule: Rule): boolean {
  const { inInterface, outInterface } = rule;
  const only = inInterface && outInterface ? null : (inInterface ?? outInterface);
  return (
    only?.value === 'lo' &&
    !only.negated &&
    !rule.source &&
    !rule.destination &&
    !rule.protocol &&
    rule.fragment === null &&
    rule.matches.every((match) => match.name === 'comment')
  );
}

const kinds: Readonly<Record<string, RuleWords['kind']>> = {
  ACCEPT: 'allow',
  DROP: 'drop',
  REJECT: 'reject',
  RETURN: 'return',
  LOG: 'log',
  SNAT: 'nat',
  DNAT: 'nat',
  MASQUERADE: 'nat',
  REDIRECT: 'nat',
};

function verdictOf(rule: Rule): Pick<RuleWords, 'kind' | 'target' | 'targetOptions'> {
  const { target } = rule;
  if (rule.verbatim !== null) return { kind: 'other', target: '', targetOptions: '' };
  if (target === null) return { kind: 'count', target: '', targetOptions: '' };
  if (target.kind === 'chain') return { kind: 'jump', target: target.name, targetOptions: '' };
  // nothing to say of the answer that REJECT gives anyway
  const usual = targetOf(rule, 'REJECT')?.rejectWith.endsWith('-port-unreachable') ?? false;
  const options = usual ? '' : printTarget(target).slice(` -j ${target.name} `.length);
  return { kind: kinds[target.name] ?? 'other', target: target.name, targetOptions: options };
}
