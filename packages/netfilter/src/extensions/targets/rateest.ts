import { plainWord } from '../../values/quote.ts';
import {
  checkEstimatorName,
  estimatorSettings,
  printDuration,
  readDuration,
} from '../../values/rate-estimator.ts';
import { type Codec, defineExtension, plain } from '../spec.ts';

const estimatorName: Codec<string> = {
  words: 1,
  expected: '1-15 bytes',
  read: checkEstimatorName,
  print: plainWord,
};

const duration: Codec<number> = {
  words: 1,
  expected: 'number[s|ms|us]',
  read: readDuration,
  print: printDuration,
};

/** Measures the rate of the packets that meet it, under a name that the match rateest asks for. */
export const rateestTarget = defineExtension({
  name: 'RATEEST',
  fields: {
    estimator: plain(['--rateest-name'], estimatorName, { required: true, present: true }),
    /** in µs: a quarter of a second to 8, each double the one before */
    interval: plain(['--rateest-interval'], duration, { required: true, present: true }),
    /** in µs: the interval times a power of two */
    averaging: plain(['--rateest-ewmalog'], duration, { required: true, present: true }),
  },
  finish(target) {
    Object.assign(target, estimatorSettings(target.interval, target.averaging));
  },
  list: ({ estimator, interval, averaging }) =>
    `name ${estimator} interval ${printDuration(interval)} ewmalog ${printDuration(averaging)}`,
});
