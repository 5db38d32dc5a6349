import { NetfilterError } from '../../error.ts';
import { choiceList, flag, integer, nameText } from '../../values/codecs.ts';
import { prefixLength } from '../../values/masked-host.ts';
import { parseDecimal } from '../../values/number.ts';
import { printedSeconds, printRate, type Rate, readRate } from '../../values/rate.ts';
import { type Codec, defineExtension, negatable, plain } from '../spec.ts';

/** The kernel counts in 1/1,000,000 s. */
const scale = 1_000_000;
const maxCount = 0xffffffff;
const defaultBurst = 5;
const maxPacketBurst = 1_000_000;
const maxInterval = 0x7fffffff;

const factors = { m: 1024 * 1024, k: 1024 };
type Factor = keyof typeof factors;

/** Packets by the time between two, or bytes in a second. */
export type HashRate = ({ of: 'packets' } & Rate) | { of: 'bytes'; bytes: number };

/** A number of packets, or of bytes where the rate is one. */
export interface HashBurst {
  of: 'packets' | 'bytes';
  amount: number;
}

/** What the kernel can hold of a rate of bytes: it keeps the reciprocal of units of 16. */
function roundBytes(bytes: number): number {
  const cost = Math.floor(maxCount / (Math.floor(bytes / 16) + 1));
  return ((cost ? Math.floor(maxCount / cost) : maxCount) - 1) * 16;
}

/** In the largest unit of which a whole number stands for the same rate. */
function printBytes(bytes: number): string {
  for (const [name, factor] of [['mb', factors.m] as const, ['kb', factors.k] as const]) {
    const whole = Math.floor(bytes / factor);
    if (whole > 0 && whole * factor <= maxCount && roundBytes(whole * factor) === bytes)
      return `${whole}${name}`;
  }
  return `${bytes}b`;
}

/** In the largest unit, what is left over dropped, as the tool does it for bursts only. */
function printBurst({ of, amount }: HashBurst): string {
  if (of === 'packets') return String(amount);
  if (amount >= factors.m) return `${Math.floor(amount / factors.m)}mb`;
  return amount >= factors.k ? `${Math.floor(amount / factors.k)}kb` : `${amount}b`;
}

const rate: Codec<HashRate> = {
  words: 1,
  expected: 'number[/second|/minute|/hour|/day] | number[k|m]b/s',
  read(first) {
    const bytes = /^(\d+)([km]?)b\/s$/.exec(first);
    // the tool takes `4gb/s` for 4 bytes
    if (!bytes && first.endsWith('b/s')) throw new NetfilterError('rate.invalid', { word: first });
    if (!bytes) return { of: 'packets', ...readRate(first, scale) };
    const rounded = roundBytes(Number(bytes[1]) * (factors[bytes[2] as Factor] ?? 1));
    // printed as `0b/s`, which the tool does not read again
    if (rounded === 0) throw new NetfilterError('rate.invalid', { word: first });
    return { of: 'bytes', bytes: rounded };
  },
  print: (value) =>
    value.of === 'packets' ? printRate(value.period, scale) : `${printBytes(value.bytes)}/s`,
};

const burst: Codec<HashBurst> = {
  words: 1,
  expected: 'number | number[k|m]b',
  read(first) {
    const [, number = '', factor = '', bytes = ''] = /^(\d+)([km]?)(b?)$/.exec(first) ?? [];
    const amount = Number(number) * (factors[factor as Factor] ?? 1);
    if (!(amount > 0) || amount > maxCount || (factor !== '' && bytes === '')) {
      throw new NetfilterError('number.invalid', { params: { max: maxPacketBurst } });
    }
    return { of: 'packets', amount };
  },
  print: printBurst,
};

/** Decimal only, and up to half of 32 bits. */
const seconds: Codec<number> = {
  words: 1,
  expected: `1-${maxInterval}`,
  read(first) {
    const value = parseDecimal(first, maxInterval);
    if (value < 1) throw new NetfilterError('number.invalid', { params: { max: maxInterval } });
    return value;
  },
  print: String,
};

const modes = choiceList(['srcip', 'srcport', 'dstip', 'dstport'], 'exact');
const size = integer(maxCount);

/** A bucket for each group of packets with equal addresses or ports, filled at a rate. */
export const hashlimit = defineExtension({
  name: 'hashlimit',
  fields: {
    rate: negatable(['--hashlimit-upto', '--hashlimit'], rate, {
      required: true,
      present: true,
      opposite: '--hashlimit-above',
    }),
    /** null: one second's worth of bytes */
    burst: plain(['--hashlimit-burst'], burst),
    mode: plain(['--hashlimit-mode'], modes),
    tableName: plain(['--hashlimit-name'], nameText(254), { required: true, present: true }),
    tableSize: plain(['--hashlimit-htable-size'], size, { omit: (value) => value === 0 }),
    tableMax: plain(['--hashlimit-htable-max'], size, { omit: (value) => value === 0 }),
    tableInterval: plain(['--hashlimit-htable-gcinterval'], size, { omit: (value) => value === 1000 }),
    /** in ms; null: as long as the unit of the rate */
    tableExpire: plain(['--hashlimit-htable-expire'], size),
    sourceMask: plain(['--hashlimit-srcmask'], prefixLength),
    destinationMask: plain(['--hashlimit-dstmask'], prefixLength),
    /** the rate of the last second is measured, and there is no bucket */
    rateMatch: plain(['--hashlimit-rate-match'], flag),
    /** in seconds, with `rateMatch`: what the rate is measured over, and what it is a number for */
    rateInterval: plain(['--hashlimit-rate-interval'], seconds, { omit: (value) => value === 1 }),
  },
  finish(match, { family }) {
    const whole = family === 'ipv4' ? 32 : 128;
    for (const key of ['sourceMask', 'destinationMask'] as const) {
      if (match[key] === whole) match[key] = null;
    }
    if (match.tableName.includes('/'))
      throw new NetfilterError('option.value', { expected: 'a name without /' });
    const held = match.rate.value;
    if (match.rateInterval !== null && !match.rateMatch) {
      // the tool sets a slower rate, and does not say so
      throw new NetfilterError('option.required', { expected: '--hashlimit-rate-match' });
    }
    if (held.of === 'packets') {
      match.burst ??= { of: 'packets', amount: defaultBurst };
      if (match.burst.amount > maxPacketBurst) {
        throw new NetfilterError('number.invalid', { params: { max: maxPacketBurst } });
      }
      const expire = match.tableExpire ?? held.seconds * 1000;
      if (match.rateMatch) {
        // so many in the interval, which is the unit of the rate unless it is given
        match.rateInterval ??= held.seconds;
        held.period = Math.floor(held.period / held.seconds);
        if (held.period === 0) throw new NetfilterError('rate.tooFast');
      }
      held.seconds = printedSeconds(held.period, scale);
      match.tableExpire = expire === held.seconds * 1000 ? null : expire;
    } else if (match.burst) {
      if (match.burst.amount < held.bytes) {
        throw new NetfilterError('number.invalid', { expected: `at least ${held.bytes}b` });
      }
      const times = Math.ceil(match.burst.amount / held.bytes);
      match.burst = { of: 'bytes', amount: times * held.bytes };
    }
  },
  list(match) {
    const held = match.rate.value;
    const period = held.of === 'packets' ? held.period * (match.rateInterval ?? 1) : 0;
    const shown = held.of === 'packets' ? printRate(period, scale) : rate.print(held);
    let out = `limit: ${match.rate.negated ? 'above' : 'up to'} ${shown}`;
    if (match.burst) out += ` burst ${printBurst(match.burst)}`;
    if (match.mode) out += ` mode ${match.mode.join('-')}`;
    if (match.tableSize) out += ` htable-size ${match.tableSize}`;
    if (match.tableMax) out += ` htable-max ${match.tableMax}`;
    if (match.tableInterval !== null && match.tableInterval !== 1000) {
      out += ` htable-gcinterval ${match.tableInterval}`;
    }
    if (held.of === 'packets') {
      const expire = match.tableExpire ?? held.seconds * 1000;
      if (expire !== printedSeconds(period, scale) * 1000) out += ` htable-expire ${expire}`;
    } else if (match.tableExpire !== null) out += ` htable-expire ${match.tableExpire}`;
    if (match.sourceMask !== null) out += ` srcmask ${match.sourceMask}`;
    if (match.destinationMask !== null) out += ` dstmask ${match.destinationMask}`;
    if (match.rateMatch) out += ' rate-match';
    return (match.rateInterval ?? 1) === 1 ? out : `${out} rate-interval ${match.rateInterval}`;
  },
});
