import { NetfilterError } from '../../error.ts';
import { normalizeHost } from '../../values/address.ts';
import { masked } from '../../values/codecs.ts';
import { checkInterface } from '../../values/interface-name.ts';
import { prefixedHost } from '../../values/masked-host.ts';
import { TCP, UDP } from '../../values/protocols.ts';
import { plainWord } from '../../values/quote.ts';
import { requirePort } from '../../values/services.ts';
import { needProtocol } from '../needs.ts';
import { type Codec, defineExtension, plain } from '../spec.ts';

const host: Codec<string> = {
  words: 1,
  expected: 'address',
  read: (first, _second, family) => normalizeHost(first, family),
  print: (value) => value,
};

const interfaceName: Codec<string> = {
  words: 1,
  expected: 'interface',
  read(first) {
    checkInterface(first);
    return first;
  },
  print: plainWord,
};

/** Sends a copy of the packet to a machine next door. */
export const tee = defineExtension({
  name: 'TEE',
  fields: {
    gateway: plain(['--gateway'], host, { required: true, present: true }),
    outInterface: plain(['--oif'], interfaceName),
  },
  finish({ gateway }) {
    if (gateway === '0.0.0.0' || gateway === '::') throw new NetfilterError('address.placeholder');
  },
  list: ({ gateway, outInterface }) =>
    `TEE gw:${gateway}${outInterface === null ? '' : ` oif=${outInterface}`}`,
});

const port: Codec<number> = { words: 1, expected: '0-65535 | service', read: requirePort, print: String };
const mark = masked('always');

/** Gives the packet to a socket of this machine without changing it. */
export const tproxy = defineExtension({
  name: 'TPROXY',
  fields: {
    port: plain(['--on-port'], port, { required: true, present: true }),
    address: plain(['--on-ip'], host, { present: true }),
    mark: plain(['--tproxy-mark'], mark, { present: true }),
  },
  tables: ['mangle'],
  chains: ['PREROUTING'],
  finish(target, { rule, family }) {
    needProtocol(rule, TCP, UDP);
    target.address ??= family === 'ipv4' ? '0.0.0.0' : '::';
    target.mark ??= { value: 0, mask: 0 };
  },
  list: (target) => `TPROXY redirect ${target.address}:${target.port} mark ${mark.print(target.mark)}`,
});

/** Changes the network part of an address, the source's or the destination's by the chain. */
export const netmap = defineExtension({
  name: 'NETMAP',
  fields: {
    to: plain(['--to'], prefixedHost('network'), { required: true, present: true }),
  },
  tables: ['nat'],
  list: ({ to }) => `to:${to}`,
});

/** Major and minor number of a traffic class. */
const trafficClass: Codec<{ major: number; minor: number }> = {
  words: 1,
  expected: 'major:minor, hexadecimal',
  read(first) {
    const parts = /^(?:0x)?([0-9a-f]{1,4}):(?:0x)?([0-9a-f]{1,4})$/i.exec(first);
    if (!parts) throw new NetfilterError('option.value', { word: first });
    return { major: Number.parseInt(parts[1] ?? '', 16), minor: Number.parseInt(parts[2] ?? '', 16) };
  },
  print: ({ major, minor }) => `${hexFour(major)}:${hexFour(minor)}`,
};

const hexFour = (value: number): string => value.toString(16).padStart(4, '0');

/** Puts the packet into a class of the traffic shaper. */
export const classify = defineExtension({
  name: 'CLASSIFY',
  fields: { class: plain(['--set-class'], trafficClass, { required: true, present: true }) },
  chains: ['FORWARD', 'OUTPUT', 'POSTROUTING'],
  list: ({ class: { major, minor } }) => `CLASSIFY set ${major.toString(16)}:${minor.toString(16)}`,
});
