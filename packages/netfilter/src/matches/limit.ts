import { integer } from '../codecs.ts';
import { NetfilterError } from '../error.ts';
import { type Codec, defineExtension, plain } from '../spec.ts';

/** The kernel's unit: a period of 10,000 is one packet a second. */
const scale = 10_000;

const units: ReadonlyArray<readonly [name: string, full: string, period: number]> = [
  ['day', 'day', scale * 86_400],
  ['hour', 'hour', scale * 3_600],
  ['min', 'minute', scale * 60],
  ['sec', 'second', scale],
];

const defaultBurst = 5;

/** `5/second`, `10/m`, `3`: read as the period between packets in 1/10,000 s. */
function readRate(text: string): number {
  const slash = text.indexOf('/');
  const unit = slash < 0 ? 'second' : text.slice(slash + 1).toLowerCase();
  const period = unit === '' ? undefined : units.find(([, full]) => full.startsWith(unit))?.[2];
  const count = Number.parseInt(text, 10);
  if (period === undefined || !(count > 0)) throw new NetfilterError('rate.invalid', { word: text });
  // the kernel's clock has 10,000 steps a second
  if (count * scale > period * scale) throw new NetfilterError('rate.tooFast', { word: text });
  return Math.floor(period / count);
}

/** The largest unit in which the period is nearly a whole number of packets, as the tool chooses it. */
function printRate(period: number): string {
  let chosen = units[0] ?? ['sec', 'second', scale];
  for (const unit of units.slice(1)) {
    if (period > unit[2] || Math.floor(unit[2] / period) < unit[2] % period) break;
    chosen = unit;
  }
  return `${Math.floor(chosen[2] / period)}/${chosen[0]}`;
}

const rate: Codec<number> = {
  words: 1,
  expected: 'number[/second|/minute|/hour|/day]',
  read: readRate,
  print: printRate,
};

/** Matches at most `period`⁻¹ packets, after a burst. */
export const limit = defineExtension({
  name: 'limit',
  fields: {
    /** between packets, in 1/10,000 s; 3 an hour where none is given */
    period: plain(['--limit'], rate, { present: true }),
    burst: plain(['--limit-burst'], integer(10_000, 1), {
      present: true,
      omit: (value) => value === defaultBurst,
    }),
  },
  finish(match) {
    match.period ??= scale * 1_200;
    match.burst ??= defaultBurst;
  },
  list: (match) => `limit: avg ${printRate(match.period)} burst ${match.burst}`,
});
