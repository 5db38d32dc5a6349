import { NetfilterError } from '../../error.ts';
import type { Negatable } from '../../model.ts';
import { flag, wordSet } from '../../values/codecs.ts';
import { defineExtension, negatable, plain } from '../spec.ts';

const types = wordSet([
  'UNSPEC',
  'UNICAST',
  'LOCAL',
  'BROADCAST',
  'ANYCAST',
  'MULTICAST',
  'BLACKHOLE',
  'UNREACHABLE',
  'PROHIBIT',
  'THROW',
  'NAT',
  'XRESOLVE',
]);

/** What the routing tables of IPv6 do not tell. */
const ipv4Only = ['BROADCAST', 'BLACKHOLE', 'PROHIBIT', 'THROW', 'NAT', 'XRESOLVE'];

const listTypes = (label: string, value: Negatable<string[]> | null): string =>
  value ? ` ${label} ${value.negated ? '!' : ''}${value.value.join(',')}` : '';

/** What the routing table says of an address: LOCAL, BROADCAST … */
export const addrtype = defineExtension({
  name: 'addrtype',
  fields: {
    sourceType: negatable(['--src-type'], types),
    destinationType: negatable(['--dst-type'], types),
    limitInInterface: plain(['--limit-iface-in'], flag),
    limitOutInterface: plain(['--limit-iface-out'], flag),
  },
  finish(match, { family }) {
    const asked = [...(match.sourceType?.value ?? []), ...(match.destinationType?.value ?? [])];
    const unknown = family === 'ipv6' ? asked.find((type) => ipv4Only.includes(type)) : undefined;
    if (unknown !== undefined) throw new NetfilterError('choice.unknown', { params: { value: unknown } });
    if (match.sourceType === null && match.destinationType === null) {
      throw new NetfilterError('option.required', { expected: '--src-type | --dst-type' });
    }
    if (match.limitInInterface && match.limitOutInterface) {
      throw new NetfilterError('option.conflict', { expected: '--limit-iface-in or --limit-iface-out' });
    }
  },
  list: (match) =>
    `ADDRTYPE match${listTypes('src-type', match.sourceType)}${listTypes('dst-type', match.destinationType)}` +
    `${match.limitInInterface ? ' limit-in' : ''}${match.limitOutInterface ? ' limit-out' : ''}`,
});
