import { NetfilterError } from '../../error.ts';
import { choice, flag, integer } from '../../values/codecs.ts';
import { byteLength } from '../../values/quote.ts';
import { type Codec, defineExtension, negatable, plain } from '../spec.ts';

/** What is looked for: printable ASCII as text, anything else as lower-case hexadecimal digits. */
export interface SearchPattern {
  form: 'text' | 'hex';
  value: string;
}

const maxBytes = 128;
const toHex = (bytes: Iterable<number>): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

function patternOf(bytes: readonly number[]): SearchPattern {
  if (bytes.length === 0 || bytes.length > maxBytes) {
    throw new NetfilterError('option.value', { expected: `1-${maxBytes} bytes`, params: { max: maxBytes } });
  }
  return bytes.every((byte) => byte >= 32 && byte < 127)
    ? { form: 'text', value: String.fromCharCode(...bytes) }
    : { form: 'hex', value: toHex(bytes) };
}

function readText(first: string): SearchPattern {
  // a longer one is refused without being encoded
  return patternOf(byteLength(first) > maxBytes ? [] : [...new TextEncoder().encode(first)]);
}

/** `GET |0d 0a|`: bytes in hexadecimal between bars, the rest as it stands, `\` before one taken literally. */
function readHex(first: string): SearchPattern {
  const bytes: number[] = [];
  const invalid = () => new NetfilterError('option.value', { expected: 'text|hex bytes|text' });
  let hex = false;
  for (let i = 0; i < first.length && bytes.length <= maxBytes; i++) {
    const character = first.charAt(i);
    if (character === '|') {
      hex = !hex;
    } else if (!hex) {
      const taken = character === '\\' ? first.charAt(++i) : character;
      if (taken === '') throw invalid();
      bytes.push(...new TextEncoder().encode(taken));
    } else if (character !== ' ') {
      const pair = first.slice(i, i + 2);
      if (!/^[0-9a-f]{2}$/i.test(pair)) throw invalid();
      bytes.push(Number.parseInt(pair, 16));
      i++;
    }
  }
  if (hex) throw invalid();
  return patternOf(bytes);
}

const pattern: Codec<SearchPattern> = {
  words: 1,
  expected: `text, 1-${maxBytes} bytes`,
  read: readText,
  print: ({ form, value }) => (form === 'hex' ? `"|${value}|"` : `"${value.replaceAll(/["\\]/g, '\\$&')}"`),
};

/** Bytes anywhere in the packet, found by the Boyer-Moore or the Knuth-Morris-Pratt search. */
export const stringMatch = defineExtension({
  name: 'string',
  fields: {
    pattern: negatable(['--string'], pattern, {
      required: true,
      present: true,
      aliases: [{ names: ['--hex-string'], codec: { ...pattern, read: readHex } }],
      named: ({ form }) => (form === 'hex' ? '--hex-string' : '--string'),
    }),
    algorithm: plain(['--algo'], choice(['bm', 'kmp'], 'exact'), { required: true, present: true }),
    from: plain(['--from'], integer(0xffff), { omit: (value) => value === 0 }),
    to: plain(['--to'], integer(0xffff), { omit: (value) => value === 0xffff }),
    ignoreCase: plain(['--icase'], flag),
  },
  finish({ from, to }) {
    if ((from ?? 0) > (to ?? 0xffff))
      throw new NetfilterError('range.invalid', { expected: '--from <= --to' });
  },
  list(match) {
    const { negated, value } = match.pattern;
    let out = `STRING match ${negated ? '!' : ''} ${pattern.print(value)} ALGO name ${match.algorithm}`;
    if (match.from) out += ` FROM ${match.from}`;
    if (match.to !== null && match.to !== 0xffff) out += ` TO ${match.to}`;
    return match.ignoreCase ? `${out} ICASE` : out;
  },
});
