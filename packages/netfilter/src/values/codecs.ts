import { NetfilterError } from '../error.ts';
import type { Codec } from '../extensions/spec.ts';
import type { Family } from '../model.ts';
import { normalizeHost } from './address.ts';
import { hex, parseUnsigned } from './number.ts';
import { byteLength, plainWord, quoteWord } from './quote.ts';
import { requirePort } from './services.ts';

/** Both ends included; equal ends are a single value. */
export interface Range {
  from: number;
  to: number;
}

/** A 32-bit value with the bits of it that count. */
export interface Masked {
  value: number;
  mask: number;
}

const allOnes = 0xffffffff;
export const maxWide = 0xffff_ffff_ffff_ffffn;

/** An option without a value: its property is true or null. */
export const flag: Codec<true> = {
  words: 0,
  expected: 'no value',
  read: () => true,
  print: () => '',
};

/** Any text, quoted where needed. Longer than `maxBytes` (UTF-8) throws `option.value`. */
export const text: Codec<string> = {
  words: 1,
  expected: 'text',
  read: (first) => first,
  print: quoteWord,
};

/** A name of 1 to `maxBytes` bytes that the tool prints as it stands. */
export function nameText(maxBytes: number): Codec<string> {
  return {
    words: 1,
    expected: `1-${maxBytes} bytes`,
    read(first) {
      if (first === '' || byteLength(first) > maxBytes) {
        throw new NetfilterError('option.value', { params: { max: maxBytes } });
      }
      return first;
    },
    print: plainWord,
  };
}

/** One of a few words, in any case unless `exact`. */
export function choice<const T extends string>(words: readonly T[], exact?: 'exact'): Codec<T> {
  return {
    words: 1,
    expected: words.join(' | '),
    read(first) {
      if ((words as readonly string[]).includes(first)) return first as T;
      const lower = first.toLowerCase();
      const found = exact ? undefined : words.find((word) => word.toLowerCase() === lower);
      if (found === undefined) throw new NetfilterError('choice.unknown', { params: { value: first } });
      return found;
    },
    print: (value) => value,
  };
}

/** A comma list of a few words, in any case unless `exact`; printed in the order of `order`, each once. */
export function choiceList<const T extends string>(order: readonly T[], exact?: 'exact'): Codec<T[]> {
  const one = choice(order, exact);
  return {
    words: 1,
    expected: `list of ${order.join(', ')}`,
    read(first, second, family) {
      const chosen = first.split(',').map((word) => one.read(word, second, family));
      return order.filter((word) => chosen.includes(word));
    },
    print: (value) => value.join(','),
  };
}

/** `80`, `http`, `80:443`, `:80`, `1024:`. Some matches of the tool take a reversed range and never match. */
export function portRange(reversed: 'refused' | 'taken'): Codec<Range> {
  return {
    words: 1,
    expected: 'port[:port]',
    read(first) {
      const colon = first.indexOf(':');
      if (colon < 0) {
        const port = requirePort(first);
        return { from: port, to: port };
      }
      const from = colon === 0 ? 0 : requirePort(first.slice(0, colon));
      const to = colon === first.length - 1 ? 65535 : requirePort(first.slice(colon + 1));
      if (from > to && reversed === 'refused') {
        throw new NetfilterError('port.reversed', { expected: 'low:high' });
      }
      return { from, to };
    },
    print: printRange,
  };
}

export const isAnyPort = (range: Range): boolean => range.from === 0 && range.to === 65535;

export function printRange(range: Range): string {
  return range.from === range.to ? String(range.from) : `${range.from}:${range.to}`;
}

/** An unsigned number (decimal, `0x`, leading-zero octal) printed in decimal. */
export function integer(max: number, min = 0): Codec<number> {
  return {
    words: 1,
    expected: `${min}-${max}`,
    read(first) {
      const value = parseUnsigned(first, max);
      if (value < min) throw new NetfilterError('number.invalid', { params: { max } });
      return value;
    },
    print: String,
  };
}

/** An unsigned 64-bit number, printed in decimal. */
export const wideInteger: Codec<bigint> = {
  words: 1,
  expected: `0-${maxWide}`,
  read(first) {
    if (!/^(0x[0-9a-f]+|0[0-7]*|[1-9][0-9]*)$/i.test(first)) {
      throw new NetfilterError('number.invalid', { params: { max: String(maxWide) } });
    }
    const value = BigInt(/^0[0-7]/.test(first) ? `0o${first.slice(1)}` : first);
    if (value > maxWide) throw new NetfilterError('number.invalid', { params: { max: String(maxWide) } });
    return value;
  },
  print: String,
};

/** `5`, `1:10`, `:10`, `5:`, printed in decimal. */
export function integerRange(max: number, reversed: 'refused' | 'taken' = 'taken'): Codec<Range> {
  const one = integer(max);
  return {
    words: 1,
    expected: `n[:n], 0-${max}`,
    read(first, _second, family) {
      const colon = first.indexOf(':');
      if (colon < 0) {
        const value = one.read(first, '', family);
        return { from: value, to: value };
      }
      const from = colon === 0 ? 0 : one.read(first.slice(0, colon), '', family);
      const to = colon === first.length - 1 ? max : one.read(first.slice(colon + 1), '', family);
      if (from > to && reversed === 'refused') {
        throw new NetfilterError('range.invalid', { expected: 'low:high' });
      }
      return { from, to };
    },
    print: printRange,
  };
}

/** `value[/mask]` with 32 bits each, printed in hexadecimal; a full mask is left out unless `always`. */
export function masked(mask: 'always' | 'asNeeded'): Codec<Masked> {
  return {
    words: 1,
    expected: 'value[/mask]',
    read: readMasked,
    print: (value) =>
      mask === 'asNeeded' && value.mask === allOnes
        ? hex(value.value)
        : `${hex(value.value)}/${hex(value.mask)}`,
  };
}

export function readMasked(first: string): Masked {
  const slash = first.indexOf('/');
  const value = parseUnsigned(slash < 0 ? first : first.slice(0, slash), allOnes);
  const bits = slash < 0 ? allOnes : parseUnsigned(first.slice(slash + 1), allOnes);
  if (value < 0 || bits < 0) throw new NetfilterError('number.invalid', { params: { max: allOnes } });
  return { value, mask: bits };
}

/**
 * A comma list of words in the order of `order`, whatever order they came in. Short forms are taken where the
 * tool takes them (`EST`), and case does not matter.
 */
export function wordSet(order: readonly string[]): Codec<string[]> {
  return {
    words: 1,
    expected: `list of ${order.join(', ')}`,
    read(first) {
      const printed = printedWords(first, order);
      if (printed) return printed;
      const chosen = new Set(first.split(',').map((word) => chooseWord(word, order)));
      return order.filter((word) => chosen.has(word));
    },
    print: (words) => words.join(','),
  };
}

/** The words of a list that is in order and in full, as every dump has it; null for any other. */
function printedWords(list: string, order: readonly string[]): string[] | null {
  const found: string[] = [];
  let at = 0;
  for (const word of order) {
    if (!list.startsWith(word, at)) continue;
    const end = at + word.length;
    if (end < list.length && list.charCodeAt(end) !== 44) continue;
    found.push(word);
    if (end === list.length) return found;
    at = end + 1;
  }
  return null;
}

function chooseWord(word: string, order: readonly string[]): string {
  const upper = word.toUpperCase();
  const found = word === '' ? undefined : order.find((known) => known.startsWith(upper));
  if (found === undefined) throw new NetfilterError('choice.unknown', { params: { value: word } });
  return found;
}

/** `from-to`, or one address for both ends. */
export const addressRange: Codec<{ from: string; to: string }> = {
  words: 1,
  expected: 'address-address',
  read(first, _second, family: Family) {
    const dash = first.indexOf('-');
    const from = normalizeHost(dash < 0 ? first : first.slice(0, dash), family);
    return { from, to: dash < 0 ? from : normalizeHost(first.slice(dash + 1), family) };
  },
  print: (range) => `${range.from}-${range.to}`,
};
