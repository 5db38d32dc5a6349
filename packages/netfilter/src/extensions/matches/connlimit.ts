import { NetfilterError } from '../../error.ts';
import { choice, integer, maxWide, wideInteger } from '../../values/codecs.ts';
import { prefixLength } from '../../values/masked-host.ts';
import { type Codec, defineExtension, negatable, plain } from '../spec.ts';

const side: Codec<'source' | 'destination'> = {
  words: 0,
  expected: 'no value',
  read: () => 'source',
  print: () => '',
};

/** How many connections one network has at a time. */
export const connlimit = defineExtension({
  name: 'connlimit',
  fields: {
    limit: negatable(['--connlimit-upto'], integer(0xffffffff), {
      required: true,
      present: true,
      opposite: '--connlimit-above',
    }),
    mask: plain(['--connlimit-mask'], prefixLength, { present: true }),
    side: plain(['--connlimit-saddr'], side, {
      present: true,
      aliases: [{ names: ['--connlimit-daddr'], codec: { ...side, read: () => 'destination' } }],
      named: (value) => (value === 'source' ? '--connlimit-saddr' : '--connlimit-daddr'),
    }),
  },
  finish(match, { family }) {
    match.mask ??= family === 'ipv4' ? 32 : 128;
    match.side ??= 'source';
  },
  list: ({ limit, mask, side: of }) =>
    `#conn ${of === 'source' ? 'src' : 'dst'}/${mask} ${limit.negated ? '>' : '<='} ${limit.value}`,
});

/** Both ends included; null is without end. */
export interface WideRange {
  from: bigint;
  to: bigint | null;
}

const wideRange: Codec<WideRange> = {
  words: 1,
  expected: 'n[:n]',
  read(first, _second, family) {
    const colon = first.indexOf(':');
    const one = (text: string): bigint => wideInteger.read(text, '', family);
    if (colon < 0) return { from: one(first), to: null };
    const from = colon === 0 ? 0n : one(first.slice(0, colon));
    const to = colon === first.length - 1 ? maxWide : one(first.slice(colon + 1));
    if (from > to) throw new NetfilterError('range.invalid', { expected: 'low:high' });
    return { from, to: to === maxWide ? null : to };
  },
  print: ({ from, to }) => (to === null ? String(from) : `${from}:${to}`),
};

/** What a connection has carried so far. Needs accounting of connection tracking to be on. */
export const connbytes = defineExtension({
  name: 'connbytes',
  fields: {
    range: negatable(['--connbytes'], wideRange, { required: true, present: true }),
    mode: plain(['--connbytes-mode'], choice(['packets', 'bytes', 'avgpkt'], 'exact'), {
      required: true,
      present: true,
    }),
    direction: plain(['--connbytes-dir'], choice(['original', 'reply', 'both'], 'exact'), {
      required: true,
      present: true,
    }),
  },
  list: ({ range, mode, direction }) =>
    `${range.negated ? '! ' : ''}connbytes ${wideRange.print(range.value)} connbytes mode ${mode} ` +
    `connbytes direction ${direction}`,
});
