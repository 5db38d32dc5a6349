import { integer } from '../../values/codecs.ts';
import { printRate, readRate } from '../../values/rate.ts';
import { type Codec, defineExtension, plain } from '../spec.ts';

/** The kernel's unit: a period of 10,000 is one packet a second. */
const scale = 10_000;

const defaultBurst = 5;

const rate: Codec<number> = {
  words: 1,
  expected: 'number[/second|/minute|/hour|/day]',
  read: (first) => readRate(first, scale).period,
  print: (period) => printRate(period, scale),
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
  list: (match) => `limit: avg ${printRate(match.period, scale)} burst ${match.burst}`,
});
