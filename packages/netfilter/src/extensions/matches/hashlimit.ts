import { NetfilterError } from '../../error.ts';
import { choiceList, flag, integer, nameText } from '../../values/codecs.ts';
import { printedSeconds, printRate, type Rate, readRate } from '../../values/rate.ts';
import { type Codec, defineExtension, negatable, plain } from '../spec.ts';

/** The kernel counts in 1/1,000,000 s. */
const scale = 1_000_000;
const maxCount = 0xffffffff;
const defaultBurst = 5;
const maxPacketBurst = 1_000_000;

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

const modes = choiceList(['srcip', 'srcport', 'dstip', 'dstport']);
const size = integer(maxCount);
const prefix = integer(128);

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
    sourceMask: plain(['--hashlimit-srcmask'], prefix),
    destinationMask: plain(['--hashlimit-dstmask'], prefix),
    /** the rate of the last second is measured, and there is no bucket */
    rateMatch: plain(['--hashlimit-rate-match'], flag),
  },
  finish(match, { family }) {
    const whole = family === 'ipv4' ? 32 : 128;
    for (const key of ['sourceMask', 'destinationMask'] as const) {
      const length = match[key] ?? whole;
      if (length > whole) throw new NetfilterError('number.invalid', { params: { max: whole } });
      match[key] = length === whole ? null : length;
    }
    if (match.tableName.includes('/'))
      throw new NetfilterError('option.value', { expected: 'a name without /' });
    const held = match.rate.value;
    if (held.of === 'packets') {
      match.burst ??= { of: 'packets', amount: defaultBurst };
      if (match.burst.amount > maxPacketBurst) {
        throw new NetfilterError('number.invalid', { params: { max: maxPacketBurst } });
      }
      const expire = match.tableExpire ?? held.seconds * 1000;
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
    let out = `limit: ${match.rate.negated ? 'above' : 'up to'} ${rate.print(match.rate.value)}`;
    if (match.burst) out += ` burst ${printBurst(match.burst)}`;
    if (match.mode) out += ` mode ${match.mode.join('-')}`;
    if (match.tableSize) out += ` htable-size ${match.tableSize}`;
    if (match.tableMax) out += ` htable-max ${match.tableMax}`;
    if (match.tableInterval !== null && match.tableInterval !== 1000) {
      out += ` htable-gcinterval ${match.tableInterval}`;
    }
    if (match.tableExpire !== null) out += ` htable-expire ${match.tableExpire}`;
    if (match.sourceMask !== null) out += ` srcmask ${match.sourceMask}`;
    if (match.destinationMask !== null) out += ` dstmask ${match.destinationMask}`;
    return match.rateMatch ? `${out} rate-match` : out;
  },
});
