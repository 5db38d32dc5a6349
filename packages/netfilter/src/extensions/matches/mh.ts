import { NetfilterError } from '../../error.ts';
import { printRange, type Range } from '../../values/codecs.ts';
import { parseUnsigned } from '../../values/number.ts';
import { type Codec, defineExtension, negatable } from '../spec.ts';

/** Names in the order of their numbers (RFC 6275), each with its short form. */
const types: ReadonlyArray<readonly [name: string, short: string]> = [
  ['binding-refresh-request', 'brr'],
  ['home-test-init', 'hoti'],
  ['careof-test-init', 'coti'],
  ['home-test', 'hot'],
  ['careof-test', 'cot'],
  ['binding-update', 'bu'],
  ['binding-acknowledgement', 'ba'],
  ['binding-error', 'be'],
];

/** A number, a name in any case, or the beginning of one; the tool stops at the first that fits. */
function typeNumber(word: string): number {
  const lower = word.toLowerCase();
  const whole = types.findIndex((names) => names.includes(lower));
  const found = whole >= 0 ? whole : types.findIndex((names) => names.some((name) => name.startsWith(lower)));
  const number = found >= 0 ? found : parseUnsigned(word, 255);
  if (word === '' || number < 0) throw new NetfilterError('choice.unknown', { params: { value: word } });
  return number;
}

const typeRange: Codec<Range> = {
  words: 1,
  expected: 'type[:type]',
  read(first) {
    const colon = first.indexOf(':');
    if (colon < 0) {
      const type = typeNumber(first);
      return { from: type, to: type };
    }
    const from = colon === 0 ? 0 : typeNumber(first.slice(0, colon));
    const to = colon === first.length - 1 ? 255 : typeNumber(first.slice(colon + 1));
    if (from > to) throw new NetfilterError('range.invalid', { expected: 'low:high' });
    return { from, to };
  },
  print: printRange,
};

const isAny = ({ from, to }: Range): boolean => from === 0 && to === 255;

/** The type of a message of Mobile IPv6. */
export const mh = defineExtension({
  name: 'mh',
  family: 'ipv6',
  protocol: 135,
  fields: { type: negatable(['--mh-type'], typeRange, { omit: isAny }) },
  list: ({ type }) =>
    type && (type.negated || !isAny(type.value))
      ? `mh ${type.negated ? '!' : ''}${printRange(type.value)}`
      : 'mh',
});
