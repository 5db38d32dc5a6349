import { NetfilterError } from '../error.ts';
import type { Codec } from '../extensions/spec.ts';
import type { Masked } from './codecs.ts';
import { parseUnsigned } from './number.ts';

export const hexByte = (value: number): string => `0x${value.toString(16).padStart(2, '0')}`;

const services: ReadonlyMap<string, number> = new Map([
  ['minimize-delay', 0x10],
  ['maximize-throughput', 0x08],
  ['maximize-reliability', 0x04],
  ['minimize-cost', 0x02],
  ['normal-service', 0x00],
]);

/** `value[/mask]` of the TOS byte; a name stands for its value under 0x3f. */
export const typeOfService: Codec<Masked> = {
  words: 1,
  expected: 'value[/mask] | Minimize-Delay | …',
  read(first) {
    const named = services.get(first.toLowerCase());
    if (named !== undefined) return { value: named, mask: 0x3f };
    const slash = first.indexOf('/');
    const value = parseUnsigned(slash < 0 ? first : first.slice(0, slash), 255);
    const mask = slash < 0 ? 255 : parseUnsigned(first.slice(slash + 1), 255);
    if (value < 0 || mask < 0) throw new NetfilterError('number.invalid', { params: { max: 255 } });
    return { value, mask };
  },
  print: ({ value, mask }) => `${hexByte(value)}/${hexByte(mask)}`,
};

/** A DSCP of 0 to 63. */
export const codePoint: Codec<number> = {
  words: 1,
  expected: '0-63',
  read(first) {
    const value = parseUnsigned(first, 63);
    if (value < 0) throw new NetfilterError('number.invalid', { params: { max: 63 } });
    return value;
  },
  print: hexByte,
};

/** A DSCP by class: BE, EF, CS0 to CS7, AF11 to AF43 (RFC 2474, 2597, 3246). */
export const codePointClass: Pick<Codec<number>, 'words' | 'expected' | 'read'> = {
  words: 1,
  expected: 'BE | EF | CS0-CS7 | AF11-AF43',
  read(first) {
    const upper = first.toUpperCase();
    if (upper === 'BE') return 0;
    if (upper === 'EF') return 46;
    const selector = /^CS([0-7])$/.exec(upper);
    if (selector) return Number(selector[1]) * 8;
    const assured = /^AF([1-4])([1-3])$/.exec(upper);
    if (assured) return Number(assured[1]) * 8 + Number(assured[2]) * 2;
    throw new NetfilterError('choice.unknown', { params: { value: first } });
  },
};
