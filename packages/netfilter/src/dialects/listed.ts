import { type Bag, matchCatalog, targetCatalog } from '../extensions/catalog.ts';
import { hashlimit } from '../extensions/matches/hashlimit.ts';
import type { KnownMatch } from '../extensions/matches/registry.ts';
import { stringMatch } from '../extensions/matches/string.ts';
import type { KnownTarget } from '../extensions/targets/registry.ts';
import type { Match, Target } from '../model.ts';
import { type Dialect, perDialect, type Span, within } from '../print/dialect.ts';
import { printRate } from '../values/rate.ts';
import { wrappedRate } from './words.ts';

type MatchNamed<N extends KnownMatch['name']> = Extract<KnownMatch, { name: N }>;
type TargetNamed<N extends KnownTarget['name']> = Extract<KnownTarget, { name: N }>;

/** What `-nL` shows of a match or target in some versions, where it is not what 1.8.9 shows. */
interface ListQuirk {
  readonly key: string;
  readonly span: Span;
  readonly list: (values: Bag) => string;
}

function ofMatch<N extends KnownMatch['name']>(
  name: N,
  span: Span,
  list: (match: MatchNamed<N>) => string,
): ListQuirk {
  return { key: `match ${name}`, span, list: list as unknown as ListQuirk['list'] };
}

function ofTarget<N extends KnownTarget['name']>(
  name: N,
  span: Span,
  list: (target: TargetNamed<N>) => string,
): ListQuirk {
  return { key: `target ${name}`, span, list: list as unknown as ListQuirk['list'] };
}

const before189: Span = { before: '1.8.9' };

const quirks: readonly ListQuirk[] = [
  ofMatch(
    'mac',
    { since: '1.8.7', before: '1.8.9' },
    ({ source }) => `MAC${source.negated ? ' !' : ''}${source.value}`,
  ),
  ofMatch(
    'mac',
    { before: '1.8.7' },
    ({ source }) => `MAC ${source.negated ? '! ' : ''}${source.value.toUpperCase()}`,
  ),
  ofMatch('string', before189, (match) => {
    const shown = stringMatch.list({ ...match, to: null, ignoreCase: null });
    const to = match.to === 0 ? '' : ` TO ${match.to ?? 0xffff}`;
    return `${shown}${to}${match.ignoreCase ? ' ICASE' : ''}`;
  }),
  ofMatch(
    'dst',
    before189,
    (match) =>
      `${matchCatalog
        .get('dst')
        ?.list(match as unknown as Bag)
        .trimEnd()} `,
  ),
  // the nft back ends have nothing to show for it
  ofMatch('eui64', { backend: 'nft' }, () => ''),
  ofMatch('eui64', { backend: 'legacy' }, () => 'eui64 '),
  // a blank where there is no index
  ofMatch('ipcomp', {}, (match) => {
    const shown = matchCatalog.get('ipcomp')?.list(match as unknown as Bag) ?? '';
    return shown === 'comp' ? 'comp ' : shown;
  }),
  ofMatch('hashlimit', { before: '1.8.4' }, (match) => {
    const shown = hashlimit.list(match);
    const wrapped = wrappedRate(match.rate);
    if (wrapped === null || match.rate.value.of !== 'packets') return shown;
    return shown.replace(printRate(match.rate.value.period, 1_000_000), wrapped);
  }),
  ofTarget('NFLOG', before189, (target) => {
    const shown = targetCatalog.get('NFLOG')?.list(target as unknown as Bag) ?? '';
    if (target.prefix === null) return shown;
    return shown.replace('nflog-prefix ', () => 'nflog-prefix  ');
  }),
  ofTarget('DNAT', {}, (target) => {
    const shown = targetCatalog.get('DNAT')?.list(target as unknown as Bag) ?? '';
    const { ports, portBase } = target.to;
    if (ports === null || portBase === null || ports.from !== ports.to) return shown;
    return shown.replace(`:${ports.from}-${ports.to}/`, `:${ports.from}/`);
  }),
  // where the prefix is the whole address the tool prints what follows an empty text in its memory
  ofTarget('HMARK', before189, (target) =>
    (targetCatalog.get('HMARK')?.list(target as unknown as Bag) ?? '').replaceAll('-prefix  ', '-prefix r '),
  ),
  ofTarget('TCPOPTSTRIP', before189, (target) =>
    target.options === null
      ? 'TCPOPTSTRIP options '
      : (targetCatalog.get('TCPOPTSTRIP')?.list(target as unknown as Bag) ?? ''),
  ),
];

const quirksOf: (dialect: Dialect) => ReadonlyMap<string, ListQuirk['list']> = perDialect(
  (dialect) =>
    new Map(quirks.filter(({ span }) => within(dialect, span)).map(({ key, list }) => [key, list])),
);

/** What `-nL` shows of a match or of a target behind the addresses, with a blank before it; empty for nothing. */
export function listedPart(kind: 'match' | 'target', part: Match | Target, dialect: Dialect): string {
  if ('kind' in part && part.kind !== 'extension') return '';
  if (!part.modelled) return kind === 'match' ? ` ${part.name} ${part.text}` : ` ${part.text}`;
  const values = part as unknown as Bag;
  const catalog = kind === 'match' ? matchCatalog : targetCatalog;
  const list = quirksOf(dialect).get(`${kind} ${part.name}`) ?? catalog.get(part.name)?.list;
  const text = list?.(values) ?? '';
  return text === '' || catalog.get(part.name)?.listedClose ? text : ` ${text}`;
}
