import { NetfilterError } from '../../error.ts';
import type { Negatable } from '../../model.ts';
import { integer, isAnyPort, portRange, type Range } from '../../values/codecs.ts';
import { TCP } from '../../values/protocols.ts';
import { type Codec, defineExtension, negatable } from '../spec.ts';

/** Flags by bit, in the order in which the tool prints them. */
const flagBits: ReadonlyArray<readonly [string, number]> = [
  ['FIN', 0x01],
  ['SYN', 0x02],
  ['RST', 0x04],
  ['PSH', 0x08],
  ['ACK', 0x10],
  ['URG', 0x20],
];
const all = 0x3f;

/** Of the flags in `mask`, exactly those in `set` are on. */
export interface TcpFlags {
  mask: number;
  set: number;
}

/** What `--syn` stands for: FIN, SYN, RST, ACK with only SYN on. */
export const synFlags: Readonly<TcpFlags> = { mask: 0x17, set: 0x02 };

function readFlags(text: string): number {
  let bits = 0;
  for (const word of text.split(',')) {
    const upper = word.toUpperCase();
    const known = flagBits.find(([name]) => name === upper);
    if (known) bits |= known[1];
    else if (upper === 'ALL') bits |= all;
    else if (upper !== 'NONE') throw new NetfilterError('choice.unknown', { params: { value: word } });
  }
  return bits;
}

function printFlags(bits: number): string {
  if (bits === 0) return 'NONE';
  return flagBits
    .filter(([, bit]) => (bits & bit) !== 0)
    .map(([name]) => name)
    .join(',');
}

const tcpFlags: Codec<TcpFlags> = {
  words: 2,
  expected: 'mask set, lists of FIN, SYN, RST, PSH, ACK, URG, ALL, NONE',
  read: (first, second) => ({ mask: readFlags(first), set: readFlags(second) }),
  print: (flags) => `${printFlags(flags.mask)} ${printFlags(flags.set)}`,
};

/** ` dpt:22`, ` dpts:!80:443`: ports in the `-nL` table. */
export function listPorts(label: string, ports: Negatable<Range> | null): string {
  if (ports === null || (!ports.negated && isAnyPort(ports.value))) return '';
  const { from, to } = ports.value;
  const not = ports.negated ? '!' : '';
  return from === to ? ` ${label}:${not}${from}` : ` ${label}s:${not}${from}:${to}`;
}

/** `--tcp-flags NONE NONE`: the tool prints no flags then. */
const testsNothing = (flags: TcpFlags): boolean => flags.mask === 0;

const hexByte = (value: number): string => `0x${value.toString(16).toUpperCase().padStart(2, '0')}`;

/** TCP header fields. A reversed port range is refused (reference/iptables.md section 1.2). */
export const tcp = defineExtension({
  name: 'tcp',
  protocol: TCP,
  fields: {
    sourcePort: negatable(['--sport', '--source-port'], portRange('refused'), { omit: isAnyPort }),
    destinationPort: negatable(['--dport', '--destination-port'], portRange('refused'), { omit: isAnyPort }),
    option: negatable(['--tcp-option'], integer(255, 1)),
    flags: negatable(['--tcp-flags'], tcpFlags, {
      omit: testsNothing,
      aliases: [
        { names: ['--syn'], codec: { words: 0, expected: 'no value', read: () => ({ ...synFlags }) } },
      ],
    }),
  },
  list(match) {
    let out = `tcp${listPorts('spt', match.sourcePort)}${listPorts('dpt', match.destinationPort)}`;
    if (match.option) out += ` option=${match.option.negated ? '!' : ''}${match.option.value}`;
    if (match.flags && (match.flags.negated || !testsNothing(match.flags.value))) {
      const { mask, set } = match.flags.value;
      out += ` flags:${match.flags.negated ? '!' : ''}${hexByte(mask)}/${hexByte(set)}`;
    }
    return out;
  },
});
