import { NetfilterError } from '../../error.ts';
import { prefixedHost } from '../../values/masked-host.ts';
import { defineExtension, plain } from '../spec.ts';

const prefix = prefixedHost('kept');
const network = prefixedHost('network');
/** Beyond it the kernel has no room for what keeps checksums right. */
const longest = 64;

function checkPrefix(text: string): void {
  if (Number(text.slice(text.indexOf('/') + 1)) > longest || network.read(text, '', 'ipv6') !== text) {
    throw new NetfilterError('address.mask', { word: text, params: { max: longest } });
  }
}

const fields = {
  source: plain(['--src-pfx'], prefix, { required: true, present: true }),
  destination: plain(['--dst-pfx'], prefix, { required: true, present: true }),
};

interface Prefixes {
  source: string;
  destination: string;
}

function finish({ source, destination }: Prefixes): void {
  checkPrefix(source);
  checkPrefix(destination);
}

const listed = (name: string, { source, destination }: Prefixes): string =>
  `${name} src-pfx ${source} dst-pfx ${destination}`;

/** Changes the prefix of the source and nothing else of the packet (RFC 6296). */
export const snpt = defineExtension({
  name: 'SNPT',
  family: 'ipv6',
  fields,
  tables: ['mangle'],
  chains: ['INPUT', 'POSTROUTING'],
  finish,
  list: (target) => listed('SNPT', target),
});

/** Changes the prefix of the destination and nothing else of the packet (RFC 6296). */
export const dnpt = defineExtension({
  name: 'DNPT',
  family: 'ipv6',
  fields,
  tables: ['mangle'],
  chains: ['PREROUTING', 'OUTPUT'],
  finish,
  list: (target) => listed('DNPT', target),
});
