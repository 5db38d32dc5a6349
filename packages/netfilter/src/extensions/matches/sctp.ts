import { NetfilterError } from '../../error.ts';
import { choice, choiceList, integer, integerRange } from '../../values/codecs.ts';
import { type Codec, defineExtension, negatable } from '../spec.ts';
import { listPorts } from './tcp.ts';

/** Names in the order of the chunk numbers, which is the order of print. */
const chunks: ReadonlyArray<readonly [name: string, number: number, flags?: string]> = [
  ['DATA', 0, '----IUBE'],
  ['INIT', 1],
  ['INIT_ACK', 2],
  ['SACK', 3],
  ['HEARTBEAT', 4],
  ['HEARTBEAT_ACK', 5],
  ['ABORT', 6, '-------T'],
  ['SHUTDOWN', 7],
  ['SHUTDOWN_ACK', 8],
  ['ERROR', 9],
  ['COOKIE_ECHO', 10],
  ['COOKIE_ACK', 11],
  ['ECN_ECNE', 12],
  ['ECN_CWR', 13],
  ['SHUTDOWN_COMPLETE', 14, '-------T'],
  ['I_DATA', 64, '----IUBE'],
  ['ASCONF_ACK', 128],
  ['RE_CONFIG', 130],
  ['PAD', 132],
  ['FORWARD_TSN', 192],
  ['ASCONF', 193],
  ['I_FORWARD_TSN', 194],
];

/** One kind of chunk; `flags` in order, upper case for one that is on and lower case for one that is off. */
export interface SctpChunk {
  name: string;
  flags: string;
}

/** Which kinds of chunk a packet must have: any, all or only these. */
export interface SctpChunks {
  scope: 'any' | 'all' | 'only';
  chunks: SctpChunk[] | 'ALL' | 'NONE';
}

function readChunk(word: string): SctpChunk {
  const colon = word.indexOf(':');
  const upper = (colon < 0 ? word : word.slice(0, colon)).toUpperCase();
  const known = chunks.find(([name]) => name === upper);
  const given = colon < 0 ? '' : word.slice(colon + 1);
  const letters = known?.[2]?.replaceAll('-', '') ?? '';
  if (!known || [...given].some((letter) => !letters.includes(letter.toUpperCase()))) {
    throw new NetfilterError('choice.unknown', { params: { value: word } });
  }
  const flags = [...letters].map(
    (letter) => [...given].findLast((each) => each.toUpperCase() === letter) ?? '',
  );
  return { name: upper, flags: flags.join('') };
}

const scopes = choice(['any', 'all', 'only']);

const chunkTypes: Codec<SctpChunks> = {
  words: 2,
  expected: 'any | all | only, list of chunk[:flags]',
  read(first, second, family) {
    const scope = scopes.read(first, '', family);
    const whole = second.toUpperCase();
    if (whole === 'ALL' || whole === 'NONE') return { scope, chunks: whole };
    const read = second.split(',').map(readChunk);
    const ordered = chunks.flatMap(([name]) => read.findLast((chunk) => chunk.name === name) ?? []);
    return { scope, chunks: ordered };
  },
  print: (value) => `${value.scope} ${printChunks(value.chunks, (name) => name)}`,
};

function printChunks(held: SctpChunks['chunks'], label: (name: string) => string): string {
  if (typeof held === 'string') return held;
  return held.map(({ name, flags }) => `${label(name)}${flags === '' ? '' : `:${flags}`}`).join(',');
}

function chunkNumber(name: string): string {
  const number = chunks.find(([known]) => known === name)?.[1] ?? 0;
  return `0x${number.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** SCTP ports, as numbers, and chunks. Unlike with TCP a test of all ports is printed. */
export const sctp = defineExtension({
  name: 'sctp',
  protocol: 132,
  fields: {
    sourcePort: negatable(['--sport', '--source-port'], integerRange(0xffff, 'refused')),
    destinationPort: negatable(['--dport', '--destination-port'], integerRange(0xffff, 'refused')),
    chunkTypes: negatable(['--chunk-types'], chunkTypes),
  },
  list(match) {
    let out = `sctp${listPorts('spt', match.sourcePort)}${listPorts('dpt', match.destinationPort)}`;
    if (match.chunkTypes) {
      const { negated, value } = match.chunkTypes;
      out += `${negated ? ' !' : ''} ${value.scope} ${printChunks(value.chunks, chunkNumber)}`;
    }
    return out;
  },
});

const dccpTypes = [
  'REQUEST',
  'RESPONSE',
  'DATA',
  'ACK',
  'DATAACK',
  'CLOSEREQ',
  'CLOSE',
  'RESET',
  'SYNC',
  'SYNCACK',
  'INVALID',
] as const;

/** INVALID stands for every number from 10 on. */
const typeList = choiceList(dccpTypes);

const listType = (name: (typeof dccpTypes)[number]): string =>
  name === 'INVALID' ? '10,11,12,13,14,15' : String(dccpTypes.indexOf(name));

/** DCCP ports, as numbers, types and one option. A reversed range of ports is taken and matches nothing. */
export const dccp = defineExtension({
  name: 'dccp',
  protocol: 33,
  fields: {
    sourcePort: negatable(['--sport', '--source-port'], integerRange(0xffff)),
    destinationPort: negatable(['--dport', '--destination-port'], integerRange(0xffff)),
    types: negatable(['--dccp-types'], typeList),
    option: negatable(['--dccp-option'], integer(255, 1)),
  },
  list(match) {
    let out = `dccp${listPorts('spt', match.sourcePort)}${listPorts('dpt', match.destinationPort)}`;
    if (match.types) {
      out += `${match.types.negated ? ' !' : ''} ${match.types.value.map(listType).join(',')}`;
    }
    if (match.option) out += ` option=${match.option.negated ? '!' : ''}${match.option.value}`;
    return out;
  },
});
