import { NetfilterError } from '../../error.ts';
import type { Negatable } from '../../model.ts';
import { normalizeHost } from '../../values/address.ts';
import { flag, integer, integerRange, printRange, type Range } from '../../values/codecs.ts';
import { parseUnsigned } from '../../values/number.ts';
import { protocolNumber } from '../../values/protocols.ts';
import { type Codec, defineExtension, negatable, plain } from '../spec.ts';

const family = 'ipv6';
const max = 0xffffffff;
const number = integer(max);
const range = integerRange(max);
const isAny = ({ from, to }: Range): boolean => from === 0 && to === max;

const sign = (held: Negatable<unknown>): string => (held.negated ? '!' : '');

/** `length:5`, `length:!5`; empty for null. */
const listNumber = (label: string, held: Negatable<number> | null): string =>
  held === null ? '' : `${label}:${sign(held)}${held.value}`;

/** `id:5`, `ids:!5:9`; empty where everything is meant. */
function listRange(label: string, held: Negatable<Range> | null): string {
  if (held === null || (!held.negated && isAny(held.value))) return '';
  const plural = held.value.from === held.value.to ? '' : 's';
  return `${label}${plural}:${sign(held)}${printRange(held.value)}`;
}

const joined = (...parts: (string | false | null)[]): string => parts.filter(Boolean).join(' ');

/** An option of a header by its type; null: of any length. */
export interface HeaderOption {
  type: number;
  length: number | null;
}

/** Entries of the kernel's list. */
const maxListed = 16;
/** A length of 255 stands for any in the kernel's list. */
const anyLength = 255;

function byte(text: string): number {
  const value = parseUnsigned(text, 255);
  if (value < 0) throw new NetfilterError('number.invalid', { word: text, params: { max: 255 } });
  return value;
}

const headerOptions: Codec<HeaderOption[]> = {
  words: 1,
  expected: 'type[:length][,type[:length]] …',
  read(first) {
    const words = first.split(',');
    if (words.length > maxListed) throw new NetfilterError('option.value', { params: { max: maxListed } });
    return words.map((word) => {
      const colon = word.indexOf(':');
      if (colon < 0) return { type: byte(word), length: null };
      const [type, length] = [byte(word.slice(0, colon)), byte(word.slice(colon + 1))];
      // a single byte of padding has no length
      if (type === 0) throw new NetfilterError('option.value', { word });
      return { type, length: length === anyLength ? null : length };
    });
  },
  print: (value) =>
    value.map(({ type, length }) => (length === null ? String(type) : `${type}:${length}`)).join(','),
};

const listOptions = (held: HeaderOption[] | null): string | null =>
  held && `opts ${headerOptions.print(held)}`;

/** The header of options for the destination. */
export const dst = defineExtension({
  name: 'dst',
  family,
  fields: {
    /** in bytes */
    length: negatable(['--dst-len'], number),
    options: plain(['--dst-opts'], headerOptions),
  },
  list: ({ length, options }) => joined('dst', listNumber('length', length), listOptions(options)),
});

/** The header of options for every hop. */
export const hbh = defineExtension({
  name: 'hbh',
  family,
  fields: {
    /** in bytes */
    length: negatable(['--hbh-len'], number),
    options: plain(['--hbh-opts'], headerOptions),
  },
  list: ({ length, options }) => joined('hbh', listNumber('length', length), listOptions(options)),
});

/** The header of a fragment. */
export const frag = defineExtension({
  name: 'frag',
  family,
  fields: {
    id: negatable(['--fragid'], range, { omit: isAny }),
    /** in bytes */
    length: negatable(['--fraglen'], number),
    reserved: plain(['--fragres'], flag),
    first: plain(['--fragfirst'], flag),
    more: plain(['--fragmore'], flag),
    last: plain(['--fraglast'], flag),
  },
  finish({ more, last }) {
    if (more && last) throw new NetfilterError('option.conflict', { expected: '--fragmore | --fraglast' });
  },
  // the tool leaves a blank where there is no identification
  list({ id, length, reserved, first, more, last }) {
    const rest = joined(
      listNumber('length', length),
      reserved && 'reserved',
      first && 'first',
      more && 'more',
      last && 'last',
    );
    return `frag ${listRange('id', id)}${rest === '' ? '' : ` ${rest}`}`;
  },
});

const addresses: Codec<string[]> = {
  words: 1,
  expected: 'address[,address] …',
  read(first, _second, family6) {
    const words = first.split(',');
    if (words.length > maxListed) throw new NetfilterError('option.value', { params: { max: maxListed } });
    return words.map((word) => {
      if (word.includes('/')) throw new NetfilterError('address.invalid', { word });
      return normalizeHost(word, family6);
    });
  },
  print: (value) => value.join(','),
};

/** The header of a route; addresses and reserved bits only where it is of type 0. */
export const rt = defineExtension({
  name: 'rt',
  family,
  fields: {
    type: negatable(['--rt-type'], number),
    segmentsLeft: negatable(['--rt-segsleft'], range, { omit: isAny }),
    /** in bytes */
    length: negatable(['--rt-len'], number),
    reserved: plain(['--rt-0-res'], flag),
    addresses: plain(['--rt-0-addrs'], addresses),
    /** others may stand between the addresses */
    notStrict: plain(['--rt-0-not-strict'], flag),
  },
  finish({ type, reserved, addresses: listed, notStrict }) {
    if ((reserved || listed) && (type === null || type.negated || type.value !== 0)) {
      throw new NetfilterError('option.required', { expected: '--rt-type 0' });
    }
    if (notStrict && !listed) throw new NetfilterError('option.required', { expected: '--rt-0-addrs' });
  },
  list: ({ type, segmentsLeft, length, reserved, addresses: listed, notStrict }) =>
    joined(
      'rt',
      // as a number with a sign
      listNumber('type', type && { ...type, value: type.value | 0 }),
      listRange('segsleft', segmentsLeft),
      listNumber('length', length),
      reserved && 'reserved',
      listed && `0-addrs ${listed.join(',')}`,
      notStrict && '0-not-strict',
    ),
});

/** Headers in print order, with the names that they are given by and their number. */
const headers: ReadonlyArray<readonly [name: string, short: string, protocol: number]> = [
  ['hop-by-hop', 'hop', 0],
  ['ipv6-opts', 'dst', 60],
  ['ipv6-route', 'route', 43],
  ['ipv6-frag', 'frag', 44],
  ['ah', 'auth', 51],
  ['esp', 'esp', 50],
  ['ipv6-nonxt', 'none', 59],
  ['protocol', 'prot', 255],
];

function headerName(word: string): string {
  const named = headers.find(([name, short]) => name === word || short === word);
  const number = named ? -1 : /^(0|[1-9]\d*)$/.test(word) ? Number(word) : otherName(word);
  const found = named ?? headers.find(([, , protocol]) => protocol === number);
  if (!found) throw new NetfilterError('choice.unknown', { params: { value: word } });
  return found[0];
}

/** The number of a protocol that is called otherwise there, or -1. */
function otherName(word: string): number {
  try {
    return /^\d/.test(word) ? -1 : protocolNumber(word);
  } catch (error) {
    if (error instanceof NetfilterError) return -1;
    throw error;
  }
}

const headerList: Codec<string[]> = {
  words: 1,
  expected: 'list of hop, dst, route, frag, auth, esp, none, prot',
  read(first) {
    const words = first.split(',').filter((word) => word !== '');
    if (words.length === 0) throw new NetfilterError('choice.unknown', { params: { value: first } });
    const chosen = words.map(headerName);
    return headers.flatMap(([name]) => (chosen.includes(name) ? [name] : []));
  },
  print: (value) => value.join(','),
};

/** Which headers the packet has: those and no others, or with `soft` those at least. */
export const ipv6header = defineExtension({
  name: 'ipv6header',
  family,
  fields: {
    headers: negatable(['--header'], headerList, { required: true, present: true }),
    soft: plain(['--soft'], flag),
  },
  list({ headers: held, soft }) {
    const bits = headers.reduce(
      (sum, [name], index) => sum | (held.value.includes(name) ? 0x80 >> index : 0),
      0,
    );
    const flags = bits.toString(16).toUpperCase().padStart(2, '0');
    return `ipv6header flags:${sign(held)}0x${flags}${soft ? ' soft' : ''}`;
  },
});

/** The lower half of the source address was made of the MAC address. */
export const eui64 = defineExtension({
  name: 'eui64',
  listedClose: true,
  family,
  fields: {},
  chains: ['PREROUTING', 'INPUT', 'FORWARD'],
  // with a blank behind it
  list: () => 'eui64 ',
});
