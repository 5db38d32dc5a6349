import { NetfilterError } from '../../error.ts';
import { integer } from '../../values/codecs.ts';
import { plainWord } from '../../values/quote.ts';
import { checkEstimatorName } from '../../values/rate-estimator.ts';
import { type Codec, defineExtension, plain } from '../spec.ts';

const maxRate = 0xffffffff;

/** What a measured rate, or how much it is off the first one (`delta`), is compared with. */
export interface RatePair {
  /** taken off the measured rate; of use with `delta` only */
  first: number;
  second: number;
}

/** Compares the rate that an estimator measures with a number, or with what another one measures. */
export interface RateComparison {
  estimator: string;
  other: string | null;
  delta: boolean;
  operator: 'lt' | 'gt' | 'eq';
  negated: boolean;
  /** in bytes a second */
  bytes: RatePair | null;
  packets: RatePair | null;
}

/** What one option says; the rate is null where the option came without one. */
interface Part {
  estimator?: string;
  other?: string;
  delta?: true;
  operator?: RateComparison['operator'];
  bytes1?: number | null;
  bytes2?: number | null;
  packets1?: number | null;
  packets2?: number | null;
}

type Held = Part & { negated?: boolean };

const units: Readonly<Record<string, number>> = {
  '': 1,
  bit: 1,
  kibit: 1024,
  kbit: 1000,
  mibit: 1024 ** 2,
  mbit: 1000 ** 2,
  gibit: 1024 ** 3,
  gbit: 1000 ** 3,
  tibit: 1024 ** 4,
  tbit: 1000 ** 4,
};

/** `8`, `1.5mbit`, `100kbps`, in bits a second unless it ends with `bps`, to whole bytes a second. */
function readBytes(text: string): number {
  const [, digits, prefix = '', bytes] =
    /^(\d+\.?\d*(?:e\+?\d+)?|\.\d+|0x[\da-f]+)(?:([kmgt]i?)?(?:bit|(bps)))?$/i.exec(text) ?? [];
  const unit = units[prefix === '' ? '' : `${prefix.toLowerCase()}bit`] ?? 1;
  const rate = digits === undefined ? -1 : Math.floor((Number(digits) * unit * (bytes ? 8 : 1)) / 8);
  // the tool drops the upper bits
  if (rate < 0 || rate > maxRate) throw new NetfilterError('rate.invalid', { word: text });
  return rate;
}

/** In bits a second, in a larger unit where nothing is lost by it (the tool rounds, and says another rate). */
function printBytes(bytes: number): string {
  const bits = bytes * 8;
  if (bits >= 1e9 && bits % 1e6 === 0) return `${bits / 1e6}Mbit`;
  return bits >= 1e6 && bits % 1000 === 0 ? `${bits / 1000}Kbit` : `${bits}bit`;
}

const packets = integer(maxRate);

type PartCodec = Pick<Codec<RateComparison>, 'words' | 'optional' | 'expected' | 'read'>;

/** Options hold parts until all are read; only then is there a comparison. */
const asComparison = (part: Held): RateComparison => part as unknown as RateComparison;

function option(words: 0 | 1, expected: string, read: (word: string) => Part): PartCodec {
  return { words, expected, read: (first) => asComparison(read(first)) };
}

function rateOption(key: 'bytes1' | 'bytes2' | 'packets1' | 'packets2'): PartCodec {
  const read = key.startsWith('bytes') ? readBytes : (word: string) => packets.read(word, '', 'ipv4');
  return {
    ...option(0, '[rate]', (word) => ({ [key]: word === '' ? null : read(word) })),
    optional: true,
  };
}

const operators = (['lt', 'gt', 'eq'] as const).map((operator) => ({
  names: [`--rateest-${operator}`],
  codec: option(0, 'no value', () => ({ operator })),
}));

const estimatorName = option(1, 'name', (word) => ({ estimator: checkEstimatorName(word) }));

/** The tool prints the operator for bytes and again for packets. */
function gather(held: RateComparison | null, read: RateComparison, negated: boolean): RateComparison {
  const before = (held ?? {}) as Held;
  const part = read as unknown as Part;
  if (negated && part.operator === undefined) throw new NetfilterError('option.negated');
  for (const key of Object.keys(part) as (keyof Part)[]) {
    if (before[key] === undefined) continue;
    const repeated = key === 'operator' && before.operator === part.operator && before.negated === negated;
    if (!repeated) throw new NetfilterError('option.twice');
  }
  return asComparison({ ...before, ...part, ...(part.operator === undefined ? {} : { negated }) });
}

function finished(held: Held): RateComparison {
  const { estimator, other, operator, negated = false, bytes1, bytes2, packets1, packets2 } = held;
  if (estimator === undefined) throw new NetfilterError('option.required', { expected: '--rateest' });
  if (operator === undefined)
    throw new NetfilterError('option.required', { expected: '--rateest-lt | --rateest-gt | --rateest-eq' });
  const delta = held.delta === true;
  const pair = (first?: number | null, second?: number | null): RatePair | null =>
    first === undefined && second === undefined
      ? null
      : // what the comparison does not use the tool drops
        { first: (delta ? first : 0) ?? 0, second: (delta || other === undefined ? second : 0) ?? 0 };
  const bytes = pair(bytes1, bytes2);
  const packetPair = pair(packets1, packets2);
  if (!bytes && !packetPair)
    throw new NetfilterError('option.required', { expected: '--rateest-bps | --rateest-pps' });
  return { estimator, other: other ?? null, delta, operator, negated, bytes, packets: packetPair };
}

function printPair(name: 'bps' | 'pps', pair: RatePair, value: RateComparison, operator: string): string {
  const print = name === 'bps' ? printBytes : String;
  if (value.delta)
    return ` --rateest-${name}1 ${print(pair.first)}${operator} --rateest-${name}2 ${print(pair.second)}`;
  return `${operator} --rateest-${name}${value.other === null ? ` ${print(pair.second)}` : ''}`;
}

/** The tool prints the operator once more before the packets where there are bytes; it does not read that. */
function printComparison(value: RateComparison): string {
  const operator = `${value.negated ? ' !' : ''} --rateest-${value.operator}`;
  const name = value.other === null ? '--rateest' : '--rateest1';
  let out = `${value.delta ? '--rateest-delta ' : ''}${name} ${plainWord(value.estimator)}`;
  if (value.bytes) out += printPair('bps', value.bytes, value, operator);
  if (value.packets) out += printPair('pps', value.packets, value, value.bytes ? '' : operator);
  return value.other === null ? out : `${out} --rateest2 ${plainWord(value.other)}`;
}

/** What estimators, which the target RATEEST makes, have measured lately. */
export const rateest = defineExtension({
  name: 'rateest',
  fields: {
    comparison: plain(
      ['--rateest1', '--rateest'],
      { ...estimatorName, print: () => '' },
      {
        required: true,
        present: true,
        gather,
        // its options stand in an order of their own
        named: printComparison,
        aliases: [
          {
            names: ['--rateest2'],
            codec: option(1, 'name', (word) => ({ other: checkEstimatorName(word) })),
          },
          { names: ['--rateest-delta'], codec: option(0, 'no value', () => ({ delta: true })) },
          ...operators,
          { names: ['--rateest-bps1'], codec: rateOption('bytes1') },
          { names: ['--rateest-bps2', '--rateest-bps'], codec: rateOption('bytes2') },
          { names: ['--rateest-pps1'], codec: rateOption('packets1') },
          { names: ['--rateest-pps2', '--rateest-pps'], codec: rateOption('packets2') },
        ],
      },
    ),
  },
  finish(match) {
    match.comparison = finished(match.comparison as unknown as Held);
  },
  list({ comparison: { estimator, other, delta, operator, negated, bytes, packets: packetPair } }) {
    const compared = ` ${negated ? '! ' : ''}${operator}`;
    let out = `rateest match ${estimator}${delta ? ' delta' : ''}`;
    const first = (pair: RatePair): string => (delta ? ` ${pair.first}` : '');
    if (other === null) {
      if (bytes) out += ` bps${first(bytes)} ${bytes.second}${compared}`;
      return packetPair ? `${out} pps${first(packetPair)}${compared} ${packetPair.second}` : out;
    }
    const second = (pair: RatePair): string => (delta ? ` ${pair.second}` : '');
    if (bytes) out += ` bps${first(bytes)}`;
    if (packetPair) out += ` pps${first(packetPair)}`;
    out += `${compared} ${other}`;
    if (bytes) out += ` bps${second(bytes)}`;
    return packetPair ? `${out} pps${second(packetPair)}` : out;
  },
});
