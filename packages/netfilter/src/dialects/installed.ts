import type { Match, Negatable, Rule } from '../model.ts';
import { type Dialect, perDialect, type Span, within } from '../print/dialect.ts';
import { normalizeAddress } from '../values/address.ts';
import { parseIpv6 } from '../values/address6.ts';
import { isAnyPort, type Range } from '../values/codecs.ts';
import { byteLength } from '../values/quote.ts';

/** A part of a rule that a version does not put into the kernel as it was given. */
export interface Change {
  /** a name of RuleFields, or `match`, `target` */
  field: string;
  option: string;
  /** what becomes of it, in save form; empty: left out */
  becomes: string;
  /** error: other packets match; warning: the same packets, treated a little otherwise */
  severity: 'error' | 'warning';
}

/** What a version makes of a rule that it takes. */
export interface Installed {
  rule: Rule;
  /** empty: just what was given */
  changes: Change[];
}

const nft: Span = { backend: 'nft' };
const earlyNft: Span = { before: '1.8.9', backend: 'nft' };
const lateNft: Span = { since: '1.8.9', backend: 'nft' };

/**
 * The rule that the kernel holds once that version has loaded it. Mostly the same one (and the same object); the nft
 * back ends rewrite some matches for nf_tables and get a few of them wrong, and old versions drop what they do not
 * know. To judge packets on such a host, judge this rule.
 */
export function asInstalled(rule: Rule, dialect: Dialect): Installed {
  if (rule.verbatim !== null) return { rule, changes: [] };
  const changes: Change[] = [];
  let installed = rule;
  for (const { apply } of rewritingsOf(dialect)) installed = apply(installed, changes, dialect);
  return { rule: installed, changes };
}

interface Rewriting {
  span: Span;
  /** gives back its argument when nothing changes */
  apply: (rule: Rule, changes: Change[], dialect: Dialect) => Rule;
}

const rewritings: readonly Rewriting[] = [
  { span: nft, apply: withoutAnyInterface },
  { span: earlyNft, apply: withoutNoInterface },
  { span: earlyNft, apply: withWholeBytes },
  { span: lateNft, apply: withOnePortMatch },
  { span: lateNft, apply: withoutImpossible },
  { span: lateNft, apply: withoutRange },
  { span: {}, apply: withShortPrefix },
  { span: { before: '1.8.11' }, apply: withoutHoles },
  { span: { before: '1.8.9' }, apply: withoutRandom },
  { span: { before: '1.8.4' }, apply: withoutPortBase },
];

const rewritingsOf = perDialect((dialect) => rewritings.filter(({ span }) => within(dialect, span)));

const sides = ['inInterface', 'outInterface'] as const;

/** `-i +` tests nothing, and nft does not keep it. */
function withoutAnyInterface(rule: Rule): Rule {
  let made = rule;
  for (const side of sides) {
    if (made[side]?.value === '+' && !made[side].negated) made = { ...made, [side]: null };
  }
  return made;
}

/** `! -i +` matches nothing; nft of 1.8.7 leaves it out, and the rule matches everything. */
function withoutNoInterface(rule: Rule, changes: Change[]): Rule {
  let made = rule;
  for (const side of sides) {
    if (made[side]?.value !== '+') continue;
    changes.push({
      field: side,
      option: side === 'inInterface' ? '-i' : '-o',
      becomes: '',
      severity: 'error',
    });
    made = { ...made, [side]: null };
  }
  return made;
}

/**
 * nft of 1.8.7 compares the bytes before the first zero byte of a mask, and no others. A mask that begins with a zero byte
 * is refused (`refusals.ts`).
 */
function withWholeBytes(rule: Rule, changes: Change[]): Rule {
  let made = rule;
  for (const field of ['source', 'destination'] as const) {
    const held = made[field];
    const bytes = held ? bytesBeforeHole(held.value) : 0;
    if (!held || bytes === 0) continue;
    const value = normalizeAddress(
      `${held.value.slice(0, held.value.indexOf('/'))}/${bytes * 8}`,
      held.value.includes(':') ? 'ipv6' : 'ipv4',
    );
    changes.push({ field, option: field === 'source' ? '-s' : '-d', becomes: value, severity: 'error' });
    made = { ...made, [field]: { ...held, value } };
  }
  return made;
}

/** Whole bytes at the front of a mask that then has a zero byte and ones behind it; 0 for other masks. */
function bytesBeforeHole(network: string): number {
  const bytes = maskBytes(network);
  if (bytes.length === 0) return 0;
  const first = bytes.findIndex((byte) => byte !== 255);
  return first > 0 && bytes[first] === 0 && bytes.slice(first).some((byte) => byte !== 0) ? first : 0;
}

/** The bytes of a mask that is written in full, as one with holes is; none for a prefix length. */
export function maskBytes(network: string): number[] {
  const slash = network.indexOf('/');
  const mask = slash < 0 ? '' : network.slice(slash + 1);
  if (mask.includes(':')) return (parseIpv6(mask) ?? []).flatMap((group) => [group >> 8, group & 255]);
  return mask.includes('.') ? mask.split('.').map(Number) : [];
}

const portMatches = ['tcp', 'udp'];

/** Of two matches for the ports of one protocol, the later one's conditions replace those of the first. */
function withOnePortMatch(rule: Rule, changes: Change[]): Rule {
  let made = rule;
  // looked at for every rule, and hardly ever found
  if (rule.matches.length < 2) return rule;
  for (const name of portMatches) {
    const found = made.matches.filter((match) => match.modelled && match.name === name);
    const [first] = found;
    if (!first || found.length < 2) continue;
    const merged: Record<string, unknown> = { ...first };
    for (const match of found.slice(1)) {
      for (const [key, value] of Object.entries(match)) if (value !== null) merged[key] = value;
    }
    changes.push({ field: 'match', option: `-m ${name}`, becomes: `-m ${name}`, severity: 'error' });
    const rest = made.matches.filter((match) => match === first || !found.includes(match));
    made = {
      ...made,
      matches: rest.map((match) => (match === first ? (merged as unknown as Match) : match)),
    };
  }
  return made;
}

interface Impossible {
  key: string;
  field: string;
  option: string;
  span: Span;
  lost: (held: Negatable<unknown> | null) => boolean;
}

const noPort = (held: Negatable<unknown> | null): boolean =>
  held?.negated === true && isAnyPort(held.value as Range);
const noFlags = (held: Negatable<unknown> | null): boolean =>
  held?.negated === true && (held.value as { mask: number }).mask === 0;

const impossibles: readonly Impossible[] = [
  { key: 'sourcePort', field: 'sourcePort', option: '--sport', span: { before: '1.8.11' }, lost: noPort },
  {
    key: 'destinationPort',
    field: 'destinationPort',
    option: '--dport',
    span: { before: '1.8.11' },
    lost: noPort,
  },
  { key: 'flags', field: 'match', option: '--tcp-flags', span: {}, lost: noFlags },
];

/** Conditions that nothing meets (`! --dport :`, `! --tcp-flags NONE NONE`) are left out: everything meets the rest. */
function withoutImpossible(rule: Rule, changes: Change[], dialect: Dialect): Rule {
  let made = rule;
  for (const match of rule.matches) {
    if (!match.modelled || !portMatches.includes(match.name)) continue;
    const held = match as unknown as Record<string, Negatable<unknown> | null>;
    const lost = impossibles.filter(
      ({ key, span, lost: isLost }) => isLost(held[key] ?? null) && within(dialect, span),
    );
    if (lost.length === 0) continue;
    const values = { ...held };
    for (const { key, field, option } of lost) {
      changes.push({ field, option, becomes: '', severity: 'error' });
      values[key] = null;
    }
    const empty = Object.entries(values).every(
      ([key, value]) => value === null || key === 'name' || key === 'modelled',
    );
    const left = empty ? [] : [values as unknown as Match];
    made = { ...made, matches: made.matches.flatMap((each) => (each === match ? left : [each])) };
  }
  return made;
}

/** nft of 1.8.9 and later drops `--nflog-range`, which has never worked. */
function withoutRange(rule: Rule, changes: Change[]): Rule {
  const { target } = rule;
  if (target?.kind !== 'extension' || !target.modelled || target.name !== 'NFLOG' || !target.range)
    return rule;
  changes.push({ field: 'target', option: '--nflog-range', becomes: '', severity: 'warning' });
  return { ...rule, target: { ...target, range: null } };
}

const legacyPrefix = 63;

/** Only nft of 1.8.9 and later keeps more than 63 bytes of an NFLOG prefix. */
function withShortPrefix(rule: Rule, changes: Change[], dialect: Dialect): Rule {
  const { target } = rule;
  if (target?.kind !== 'extension' || !target.modelled || target.name !== 'NFLOG') return rule;
  if (byteLength(target.prefix ?? '') <= legacyPrefix || within(dialect, lateNft)) return rule;
  let prefix = target.prefix ?? '';
  // cut between characters, where the tool cuts between bytes
  while (byteLength(prefix) > legacyPrefix) prefix = [...prefix].slice(0, -1).join('');
  changes.push({ field: 'target', option: '--nflog-prefix', becomes: prefix, severity: 'warning' });
  return { ...rule, target: { ...target, prefix } };
}

const trackedHosts = [
  ['originSource', '--ctorigsrc'],
  ['originDestination', '--ctorigdst'],
  ['replySource', '--ctreplsrc'],
  ['replyDestination', '--ctrepldst'],
] as const;

const tunnelHosts = [
  ['tunnelDestination', '--tunnel-dst'],
  ['tunnelSource', '--tunnel-src'],
] as const;

type Hosts<K extends string> = Record<K, Negatable<string> | null>;

/** Before 1.8.11 a mask with holes becomes that of one host in the addresses of conntrack and policy. */
function withoutHoles(rule: Rule, changes: Change[]): Rule {
  const filled = <K extends string, T extends Hosts<K>>(
    values: T,
    hosts: readonly (readonly [K, string])[],
  ): T => {
    let made = values;
    for (const [key, option] of hosts) {
      const held = values[key];
      if (!held || maskBytes(held.value).length === 0) continue;
      const host = held.value.slice(0, held.value.indexOf('/'));
      const value = `${host}/${host.includes(':') ? 128 : 32}`;
      changes.push({ field: 'match', option, becomes: value, severity: 'error' });
      made = { ...made, [key]: { ...held, value } };
    }
    return made;
  };
  const before = changes.length;
  const matches = rule.matches.map((match): Match => {
    if (!match.modelled) return match;
    if (match.name === 'conntrack') return filled(match, trackedHosts);
    if (match.name !== 'policy' || match.elements === null) return match;
    return { ...match, elements: match.elements.map((element) => filled(element, tunnelHosts)) };
  });
  return changes.length === before ? rule : { ...rule, matches };
}

/** Before 1.8.9 `--random` counts for REDIRECT only together with ports. */
function withoutRandom(rule: Rule, changes: Change[]): Rule {
  const { target } = rule;
  if (target?.kind !== 'extension' || !target.modelled || target.name !== 'REDIRECT') return rule;
  if (!target.random || target.ports !== null) return rule;
  changes.push({ field: 'target', option: '--random', becomes: '', severity: 'warning' });
  return { ...rule, target: { ...target, random: null } };
}

/** 1.6.1 reads `:1000-2000/3000` and drops what stands behind the slash. */
function withoutPortBase(rule: Rule, changes: Change[]): Rule {
  const { target } = rule;
  if (target?.kind !== 'extension' || !target.modelled || target.name !== 'DNAT') return rule;
  if (target.to.portBase === null) return rule;
  changes.push({ field: 'target', option: '--to-destination', becomes: '', severity: 'error' });
  return { ...rule, target: { ...target, to: { ...target.to, portBase: null } } };
}
