import type { ErrorParams } from '../error.ts';
import { type Bag, matchCatalog, targetCatalog } from '../extensions/catalog.ts';
import type { SctpChunks } from '../extensions/matches/sctp.ts';
import type { NatRange } from '../extensions/targets/nat.ts';
import type { Match, Negatable, Rule, Target } from '../model.ts';
import { type Dialect, perDialect, type Span, within } from '../print/dialect.ts';
import type { Range } from '../values/codecs.ts';
import { hex } from '../values/number.ts';
import { maskBytes } from './installed.ts';

/** Why a version does not take a rule. */
export interface Refusal {
  field: string;
  /** `option`: it has never heard of it; `value`: it wants another; `kernel`: it hands it on, and the kernel refuses */
  reason: 'option' | 'value' | 'kernel';
  params: ErrorParams;
}

/** Options that came later than 1.6.1, by the first measured version that has them. */
const newerOptions: ReadonlyArray<{ kind: 'match' | 'target'; name: string; key: string; since: string }> = [
  { kind: 'match', name: 'hashlimit', key: 'rateMatch', since: '1.8.4' },
  { kind: 'match', name: 'hashlimit', key: 'rateInterval', since: '1.8.4' },
  { kind: 'match', name: 'owner', key: 'supplementaryGroups', since: '1.8.4' },
  { kind: 'target', name: 'MASQUERADE', key: 'randomFully', since: '1.8.4' },
  // 1.8.6 by the project's history; 1.8.7 is the first that was measured
  { kind: 'target', name: 'IDLETIMER', key: 'alarm', since: '1.8.7' },
];

/** Values that a version refuses for an option which it knows. */
interface ValueRefusal {
  kind: 'match' | 'target';
  name: string;
  key: string;
  span: Span;
  /** the offending word, or null */
  word: (value: unknown) => string | null;
}

const newerChunks = ['I_DATA', 'RE_CONFIG', 'PAD', 'I_FORWARD_TSN'];

const valueRefusals: readonly ValueRefusal[] = [
  {
    // what `--cluster-local-node 7` is printed as; no version reads it again
    kind: 'match',
    name: 'cluster',
    key: 'nodeMask',
    span: {},
    word: (value) =>
      (value as Negatable<number>).value > 32 ? hex((value as Negatable<number>).value) : null,
  },
  {
    kind: 'match',
    name: 'sctp',
    key: 'chunkTypes',
    span: { before: '1.8.9' },
    word(value) {
      const { chunks } = (value as Negatable<SctpChunks>).value;
      return typeof chunks === 'string'
        ? null
        : (chunks.find(({ name }) => newerChunks.includes(name))?.name ?? null);
    },
  },
  {
    kind: 'match',
    name: 'pkttype',
    key: 'type',
    span: { before: '1.8.9' },
    word: (value) => ((value as Negatable<string>).value === 'otherhost' ? 'otherhost' : null),
  },
  {
    kind: 'match',
    name: 'conntrack',
    key: 'protocol',
    span: { since: '1.8.11' },
    word: (value) => ((value as Negatable<number>).value === 0 ? '0' : null),
  },
  { kind: 'target', name: 'SNAT', key: 'to', span: { before: '1.8.9' }, word: portZero },
  { kind: 'target', name: 'DNAT', key: 'to', span: { before: '1.8.9' }, word: portZero },
  {
    kind: 'target',
    name: 'NFQUEUE',
    key: 'balance',
    span: { since: '1.8.11' },
    word: (value) => ((value as Range).to > 0xfffe ? '65535' : null),
  },
];

/** 1.8.7 knows no port 0 to rewrite to, but for REDIRECT and MASQUERADE. */
function portZero(value: unknown): string | null {
  return (value as NatRange).ports?.from === 0 ? '0' : null;
}

/** Why that version does not take the rule, where 1.8.9 legacy would. Empty when it does. */
export function refusals(rule: Rule, dialect: Dialect, words: () => string): Refusal[] {
  const found: Refusal[] = [];
  for (const match of rule.matches) {
    if (match.modelled) checkExtension('match', match, dialect, found);
  }
  if (rule.target?.kind === 'extension' && rule.target.modelled) {
    checkExtension('target', rule.target, dialect, found);
  }
  const { losesEmptyWords, isNft } = traitsOf(dialect);
  if (losesEmptyWords && /(^| )""( |$)/.test(words())) {
    // its restore loses the word, and the next one is taken for the value
    found.push({ field: 'match', reason: 'value', params: { option: '', value: '""' } });
  }
  if (isNft) checkNft(rule, dialect, found);
  return found;
}

const traitsOf = perDialect((dialect) => ({
  newer: newerOptions.filter(({ since }) => within(dialect, { before: since })),
  values: valueRefusals.filter(({ span }) => within(dialect, span)),
  refusesReversed: within(dialect, { since: '1.8.11' }),
  losesEmptyWords: within(dialect, { before: '1.8.4' }),
  isNft: within(dialect, { backend: 'nft' }),
  comparesWholeBytes: within(dialect, { before: '1.8.9', backend: 'nft' }),
}));

type Modelled = Extract<Match | Target, { modelled: true }>;

function checkExtension(kind: 'match' | 'target', held: Modelled, dialect: Dialect, found: Refusal[]): void {
  const extension = (kind === 'match' ? matchCatalog : targetCatalog).get(held.name);
  const values = held as unknown as Bag;
  const traits = traitsOf(dialect);
  for (const { key, field } of extension?.fields ?? []) {
    const value = values[key];
    if (value === null || value === undefined) continue;
    const option = field.names[0];
    const is = (entry: { kind: string; name: string; key: string }): boolean =>
      entry.kind === kind && entry.name === held.name && entry.key === key;
    const newer = traits.newer.find(is);
    if (newer) found.push({ field: kind, reason: 'option', params: { option, since: newer.since } });
    const word = traits.values.find(is)?.word(value) ?? (traits.refusesReversed ? reversed(value) : null);
    if (word !== null)
      found.push({ field: fieldName(kind, key), reason: 'value', params: { option, value: word } });
  }
}

/** The form's name of a property, where the form has one. */
function fieldName(kind: 'match' | 'target', key: string): string {
  return key === 'sourcePort' || key === 'destinationPort' ? key : kind;
}

/** `443:80`: 1.8.11 refuses for every option what others took for some, and which matches nothing. */
function reversed(held: unknown): string | null {
  const value = isObject(held) && 'negated' in held ? held.value : held;
  if (!isObject(value) || typeof value.from !== 'number' || typeof value.to !== 'number') return null;
  return value.from > value.to ? `${value.from}:${value.to}` : null;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function checkNft(rule: Rule, dialect: Dialect, found: Refusal[]): void {
  for (const field of ['source', 'destination'] as const) {
    const held = rule[field];
    const option = field === 'source' ? '-s' : '-d';
    if (!held) continue;
    const bytes = maskBytes(held.value);
    const onlyBehind = bytes[0] === 0 && bytes.some((byte) => byte !== 0);
    if ((held.negated && held.value.endsWith('/0')) || (onlyBehind && traitsOf(dialect).comparesWholeBytes)) {
      found.push({ field, reason: 'kernel', params: { option, value: held.value } });
    }
  }
  if (rule.target?.kind === 'verdict' && rule.target.name === 'QUEUE') {
    found.push({ field: 'target', reason: 'kernel', params: { option: '-j', value: 'QUEUE' } });
  }
}
