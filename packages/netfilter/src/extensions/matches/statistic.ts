import { NetfilterError } from '../../error.ts';
import { choice, integer } from '../../values/codecs.ts';
import { type Codec, defineExtension, negatable, plain } from '../spec.ts';

/** The kernel counts in 1/2^31. */
const steps = 2 ** 31;

/** Eleven places, a tie to the even digit as in C. */
function printProbability(value: number): string {
  const scaled = BigInt(Math.round(value * steps)) * 100_000_000_000n;
  const whole = scaled >> 31n;
  const rest = scaled & 0x7fff_ffffn;
  const half = 0x4000_0000n;
  const rounded = rest > half || (rest === half && (whole & 1n) === 1n) ? whole + 1n : whole;
  const digits = String(rounded).padStart(12, '0');
  return `${digits.slice(0, -11)}.${digits.slice(-11)}`;
}

const probability: Codec<number> = {
  words: 1,
  expected: '0-1',
  read(first) {
    const value = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(first) ? Number(first) : -1;
    if (value < 0 || value > 1) throw new NetfilterError('number.invalid', { params: { max: 1 } });
    return Math.round(value * steps) / steps;
  },
  print: printProbability,
};

/** A share of the packets, at random or every so many. */
export const statistic = defineExtension({
  name: 'statistic',
  fields: {
    mode: plain(['--mode'], choice(['random', 'nth'], 'exact'), { required: true, present: true }),
    /** in steps of 1/2^31 */
    probability: negatable(['--probability'], probability),
    every: negatable(['--every'], integer(0xffffffff, 1)),
    /** the first that matches, from 0 */
    packet: plain(['--packet'], integer(0xfffffffe)),
  },
  finish(match) {
    const { mode, every, packet } = match;
    if (mode === 'random') {
      if (match.probability === null)
        throw new NetfilterError('option.required', { expected: '--probability' });
      if (every !== null || packet !== null)
        throw new NetfilterError('option.conflict', { expected: '--mode nth' });
      return;
    }
    if (every === null || packet === null) {
      throw new NetfilterError('option.required', { expected: '--every and --packet' });
    }
    if (match.probability !== null)
      throw new NetfilterError('option.conflict', { expected: '--mode random' });
    if (packet >= every.value)
      throw new NetfilterError('number.invalid', { params: { max: every.value - 1 } });
  },
  list(match) {
    const { every, packet } = match;
    if (every) {
      const first = packet ? ` packet ${packet}` : '';
      return `statistic mode nth ${every.negated ? '! ' : ''}every ${every.value}${first}`;
    }
    const held = match.probability ?? { negated: false, value: 0 };
    return `statistic mode random ${held.negated ? '! ' : ''}probability ${printProbability(held.value)}`;
  },
});
