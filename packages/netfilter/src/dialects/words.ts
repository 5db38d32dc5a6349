import type { Bag } from '../extensions/catalog.ts';
import type { KnownMatch } from '../extensions/matches/registry.ts';
import type { KnownTarget } from '../extensions/targets/registry.ts';
import type { Negatable } from '../model.ts';
import { type Dialect, perDialect, type Span, within } from '../print/dialect.ts';
import { isAnyPort, type Range } from '../values/codecs.ts';
import { plainWord, quoteWord } from '../values/quote.ts';
import { printRate } from '../values/rate.ts';

/** One property of a match or target that some versions print otherwise than 1.8.9. */
export interface WordQuirk {
  readonly kind: 'match' | 'target';
  readonly name: string;
  readonly field: string;
  readonly span: Span;
  /** the words with a blank before them, empty for none; null for a value that is printed as everywhere */
  readonly words: (value: unknown, whole: Bag) => string | null;
  /** the option, where the words make another rule of it or none that can be loaded; absent: the same rule */
  readonly loses?: string;
}

type MatchNamed<N extends KnownMatch['name']> = Extract<KnownMatch, { name: N }>;
type TargetNamed<N extends KnownTarget['name']> = Extract<KnownTarget, { name: N }>;

function ofMatch<N extends KnownMatch['name'], K extends keyof MatchNamed<N> & string>(
  name: N,
  field: K,
  span: Span,
  words: (value: MatchNamed<N>[K], whole: MatchNamed<N>) => string | null,
  loses?: string,
): WordQuirk {
  const untyped = words as unknown as WordQuirk['words'];
  return { kind: 'match', name, field, span, words: untyped, ...(loses ? { loses } : {}) };
}

function ofTarget<N extends KnownTarget['name'], K extends keyof TargetNamed<N> & string>(
  name: N,
  field: K,
  span: Span,
  words: (value: TargetNamed<N>[K], whole: TargetNamed<N>) => string | null,
  loses?: string,
): WordQuirk {
  const untyped = words as unknown as WordQuirk['words'];
  return { kind: 'target', name, field, span, words: untyped, ...(loses ? { loses } : {}) };
}

const before1811: Span = { before: '1.8.11' };
const maxSpi = 0xffffffff;

/** A negated "any" is printed as nothing, and nothing is "any". */
const nothing = (lost: boolean): string | null => (lost ? '' : null);
const noPort = (ports: Negatable<Range> | null): string | null =>
  nothing(ports?.negated === true && isAnyPort(ports.value));
const noSpi = (spi: Negatable<Range> | null): string | null =>
  nothing(spi?.negated === true && spi.value.from === 0 && spi.value.to === maxSpi);

/** A name that the tool prints without the quotes it needs. */
const bare = (option: string, value: string | null): string | null =>
  value === null || plainWord(value) === value ? null : ` ${option} ${value}`;

/** 1.6.1 prints the time between two packets from its low 32 bits, so that `1/day` becomes `172/day`. */
export function wrappedRate(rate: MatchNamed<'hashlimit'>['rate']): string | null {
  if (rate.value.of !== 'packets' || rate.value.period <= maxSpi) return null;
  return printRate(rate.value.period % 2 ** 32, 1_000_000);
}

/** `:80/85`: a range of one port with a base, which is printed without its end. */
function singlePortBase({ addresses, ports, portBase }: TargetNamed<'DNAT'>['to']): string | null {
  if (ports === null || portBase === null || ports.from !== ports.to) return null;
  let host = '';
  if (addresses) {
    host = addresses.from === addresses.to ? addresses.from : `${addresses.from}-${addresses.to}`;
    if (host.includes(':')) host = `[${host}]`;
  }
  return ` --to-destination ${host}:${ports.from}/${portBase}`;
}

/** The first that has words for a value counts. */
const quirks: readonly WordQuirk[] = [
  ofMatch('tcp', 'sourcePort', before1811, noPort, '--sport'),
  ofMatch('tcp', 'destinationPort', before1811, noPort, '--dport'),
  ofMatch('udp', 'sourcePort', before1811, noPort, '--sport'),
  ofMatch('udp', 'destinationPort', before1811, noPort, '--dport'),
  ofMatch('ah', 'spi', before1811, noSpi, '--ahspi'),
  ofMatch('esp', 'spi', before1811, noSpi, '--espspi'),
  ofMatch('ipcomp', 'spi', before1811, noSpi, '--ipcompspi'),
  // any index is printed as none, and none is read as index 0
  ofMatch(
    'ipcomp',
    'spi',
    {},
    (spi) => nothing(spi !== null && !spi.negated && spi.value.from === 0 && spi.value.to === maxSpi),
    '--ipcompspi',
  ),
  ofMatch('frag', 'id', before1811, noSpi, '--fragid'),
  ofMatch('rt', 'segmentsLeft', before1811, noSpi, '--rt-segsleft'),
  ofMatch(
    'mh',
    'type',
    before1811,
    (type) => nothing(type?.negated === true && type.value.from === 0 && type.value.to === 255),
    '--mh-type',
  ),
  // a blank behind the list, also where there is none
  ofMatch('dst', 'options', { before: '1.8.9' }, (options) => {
    const words = options?.map(({ type, length }) => (length === null ? type : `${type}:${length}`));
    return words ? ` --dst-opts ${words.join(',')} ` : ' ';
  }),
  // type 255 is any type; its code is kept but means nothing
  ofMatch('icmp', 'type', { since: '1.8.11' }, ({ negated, value }) =>
    value.type === 255 && value.code !== null ? `${negated ? ' !' : ''} --icmp-type 255/${value.code}` : null,
  ),
  ofMatch(
    'mac',
    'source',
    { before: '1.8.7' },
    ({ negated, value }) => `${negated ? ' !' : ''} --mac-source ${value.toUpperCase()}`,
  ),
  ofMatch('string', 'to', { before: '1.8.9' }, (to) => (to === 0 ? '' : null), '--to'),
  ofMatch('string', 'to', { before: '1.8.9' }, (to) => (to === 0 ? null : ` --to ${to ?? 0xffff}`)),
  ofMatch(
    'hashlimit',
    'rate',
    { before: '1.8.4' },
    (held) => {
      const rate = wrappedRate(held);
      return rate && ` --hashlimit-${held.negated ? 'above' : 'upto'} ${rate}`;
    },
    '--hashlimit',
  ),
  ofMatch('recent', 'list', {}, (name) => bare('--name', name), '--name'),
  ofMatch(
    'osf',
    'genre',
    {},
    ({ negated, value }) => bare(`${negated ? '! ' : ''}--genre`, value),
    '--genre',
  ),
  // 1.8.9 does not read it without the end of the range, 1.8.7 reads it without the base
  ofTarget('DNAT', 'to', {}, singlePortBase, '--to-destination'),
  ofTarget('RATEEST', 'estimator', {}, (name) => bare('--rateest-name', name), '--rateest-name'),
  ofTarget('IDLETIMER', 'label', {}, (label) => bare('--label', label), '--label'),
  ofTarget('NFLOG', 'prefix', { before: '1.8.9' }, (prefix) =>
    prefix === null ? null : ` --nflog-prefix  ${quoteWord(prefix)}`,
  ),
  // an option without its value does not load again
  ofTarget(
    'TCPOPTSTRIP',
    'options',
    { before: '1.8.9' },
    (options) => (options === null ? ' --strip-options ' : null),
    '--strip-options',
  ),
];

/** Quirks of a dialect by `match NAME` or `target NAME`. */
export const quirksOf: (dialect: Dialect) => ReadonlyMap<string, readonly WordQuirk[]> = perDialect(
  (dialect) => {
    const found = new Map<string, WordQuirk[]>();
    for (const quirk of quirks) {
      if (!within(dialect, quirk.span)) continue;
      const key = `${quirk.kind} ${quirk.name}`;
      const held = found.get(key);
      if (held) held.push(quirk);
      else found.set(key, [quirk]);
    }
    return found;
  },
);
