import { NetfilterError } from '../../error.ts';
import { integer } from '../../values/codecs.ts';
import { prefixLength } from '../../values/masked-host.ts';
import { hex } from '../../values/number.ts';
import { type Codec, defineExtension, plain } from '../spec.ts';

const max = 0xffffffff;

const padded =
  (digits: number) =>
  (value: number): string =>
    `0x${value.toString(16).padStart(digits, '0')}`;

const port = { ...integer(0xffff), print: padded(4) };
const index = { ...integer(max), print: padded(8) };

/** What is hashed, by name: each stands for the option with the whole mask. */
const parts = ['src', 'dst', 'sport', 'dport', 'spi', 'proto', 'ct'] as const;
type HashPart = (typeof parts)[number];

const tuple: Codec<HashPart[]> = {
  words: 1,
  expected: `list of ${parts.join(', ')}`,
  read(first) {
    const chosen = first.toLowerCase().split(',');
    const unknown = chosen.find((word) => !(parts as readonly string[]).includes(word));
    if (unknown !== undefined) throw new NetfilterError('choice.unknown', { params: { value: unknown } });
    return parts.filter((part) => chosen.includes(part));
  },
  print: (value) => value.join(','),
};

/** Sets the mark to a hash of the packet's addresses and ports, or of its connection's: `hash % modulus + offset`. */
export const hmark = defineExtension({
  name: 'HMARK',
  fields: {
    sourcePrefix: plain(['--hmark-src-prefix'], prefixLength),
    destinationPrefix: plain(['--hmark-dst-prefix'], prefixLength),
    sourcePortMask: plain(['--hmark-sport-mask'], port),
    destinationPortMask: plain(['--hmark-dport-mask'], port),
    spiMask: plain(['--hmark-spi-mask'], index),
    sourcePort: plain(['--hmark-sport'], port),
    destinationPort: plain(['--hmark-dport'], port),
    spi: plain(['--hmark-spi'], index),
    protocolMask: plain(['--hmark-proto-mask'], { ...integer(0xffff), print: padded(2) }),
    random: plain(['--hmark-rnd'], index, { required: true, present: true }),
    modulus: plain(['--hmark-mod'], integer(max, 1), { required: true, present: true }),
    offset: plain(['--hmark-offset'], integer(max)),
    /** `ct`: of the connection; once the rule is read, nothing else */
    tuple: plain(['--hmark-tuple'], tuple),
  },
  finish(target, { family }) {
    const whole = {
      src: ['sourcePrefix', family === 'ipv4' ? 32 : 128],
      dst: ['destinationPrefix', family === 'ipv4' ? 32 : 128],
      sport: ['sourcePortMask', 0xffff],
      dport: ['destinationPortMask', 0xffff],
      spi: ['spiMask', max],
      proto: ['protocolMask', 0xffff],
    } as const;
    for (const part of target.tuple ?? []) {
      if (part === 'ct') continue;
      const [key, mask] = whole[part];
      if (target[key] !== null) throw new NetfilterError('option.twice', { expected: '--hmark-tuple' });
      target[key] = mask;
    }
    target.tuple = target.tuple?.includes('ct') ? ['ct'] : null;
    if (target.spiMask !== null && (target.sourcePortMask !== null || target.destinationPortMask !== null)) {
      throw new NetfilterError('option.conflict', { expected: '--hmark-spi-mask' });
    }
    const { sourcePrefix, destinationPrefix, protocolMask, sourcePort, destinationPort, spi } = target;
    const ports = [target.sourcePortMask, target.destinationPortMask, sourcePort, destinationPort];
    const given = [
      sourcePrefix,
      destinationPrefix,
      protocolMask,
      target.spiMask,
      spi,
      target.tuple,
      ...ports,
    ];
    if (given.every((value) => value === null)) {
      throw new NetfilterError('option.required', { expected: '--hmark-tuple' });
    }
  },
  list(target) {
    let out = `HMARK mod ${target.modulus}`;
    if (target.offset !== null) out += ` + ${hex(target.offset)}`;
    if (target.tuple) out += ' ct,';
    const listed = [
      // a whole IPv6 address is shown as nothing
      ['src-prefix', target.sourcePrefix === 128 ? '' : target.sourcePrefix],
      ['dst-prefix', target.destinationPrefix === 128 ? '' : target.destinationPrefix],
      ['sport-mask', listHex(target.sourcePortMask)],
      ['dport-mask', listHex(target.destinationPortMask)],
      ['spi-mask', listHex(target.spiMask)],
      ['sport', listHex(target.sourcePort)],
      ['dport', listHex(target.destinationPort)],
      ['spi', listHex(target.spi)],
      ['proto-mask', listHex(target.protocolMask)],
      ['rnd', hex(target.random)],
    ] as const;
    for (const [label, value] of listed) if (value !== null) out += ` ${label} ${value}`;
    // the tool ends with a blank
    return `${out} `;
  },
});

const listHex = (value: number | null): string | null => (value === null ? null : hex(value));
