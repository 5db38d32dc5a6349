import { NetfilterError } from '../../error.ts';
import type { Negatable } from '../../model.ts';
import { parseUnsigned } from '../../values/number.ts';
import { ICMP, ICMPV6 } from '../../values/protocols.ts';
import { type Codec, defineExtension, negatable } from '../spec.ts';

/** An ICMP type with a range of codes; `any` in the tool is type 255 with every code (IPv4 only). */
export interface IcmpType {
  type: number;
  code: number | null;
}

type Names = Readonly<Record<string, readonly [type: number, code: number | null]>>;

/** Names of `iptables -p icmp -h`. */
const icmpNames: Names = {
  any: [255, null],
  'echo-reply': [0, null],
  pong: [0, null],
  'destination-unreachable': [3, null],
  'network-unreachable': [3, 0],
  'host-unreachable': [3, 1],
  'protocol-unreachable': [3, 2],
  'port-unreachable': [3, 3],
  'fragmentation-needed': [3, 4],
  'source-route-failed': [3, 5],
  'network-unknown': [3, 6],
  'host-unknown': [3, 7],
  'network-prohibited': [3, 9],
  'host-prohibited': [3, 10],
  'TOS-network-unreachable': [3, 11],
  'TOS-host-unreachable': [3, 12],
  'communication-prohibited': [3, 13],
  'host-precedence-violation': [3, 14],
  'precedence-cutoff': [3, 15],
  'source-quench': [4, null],
  redirect: [5, null],
  'network-redirect': [5, 0],
  'host-redirect': [5, 1],
  'TOS-network-redirect': [5, 2],
  'TOS-host-redirect': [5, 3],
  'echo-request': [8, null],
  ping: [8, null],
  'router-advertisement': [9, null],
  'router-solicitation': [10, null],
  'time-exceeded': [11, null],
  'ttl-exceeded': [11, null],
  'ttl-zero-during-transit': [11, 0],
  'ttl-zero-during-reassembly': [11, 1],
  'parameter-problem': [12, null],
  'ip-header-bad': [12, 0],
  'required-option-missing': [12, 1],
  'timestamp-request': [13, null],
  'timestamp-reply': [14, null],
  'address-mask-request': [17, null],
  'address-mask-reply': [18, null],
};

/** Names of `ip6tables -p icmpv6 -h` of 1.8.9 and 1.8.11. */
const icmpv6Names: Names = {
  'destination-unreachable': [1, null],
  'no-route': [1, 0],
  'communication-prohibited': [1, 1],
  'beyond-scope': [1, 2],
  'address-unreachable': [1, 3],
  'port-unreachable': [1, 4],
  'failed-policy': [1, 5],
  'reject-route': [1, 6],
  'packet-too-big': [2, null],
  'time-exceeded': [3, null],
  'ttl-exceeded': [3, null],
  'ttl-zero-during-transit': [3, 0],
  'ttl-zero-during-reassembly': [3, 1],
  'parameter-problem': [4, null],
  'bad-header': [4, 0],
  'unknown-header-type': [4, 1],
  'unknown-option': [4, 2],
  'echo-request': [128, null],
  ping: [128, null],
  'echo-reply': [129, null],
  pong: [129, null],
  // these four since 1.8.11
  'mld-listener-query': [130, null],
  'mld-listener-report': [131, null],
  'mld-listener-done': [132, null],
  'mld-listener-reduction': [132, null],
  'router-solicitation': [133, null],
  'router-advertisement': [134, null],
  'neighbour-solicitation': [135, null],
  'neighbor-solicitation': [135, null],
  'neighbour-advertisement': [136, null],
  'neighbor-advertisement': [136, null],
  redirect: [137, null],
};

function icmpType(names: Names): Codec<IcmpType> {
  return {
    words: 1,
    expected: 'name | type[/code]',
    read(first) {
      const named = (Object.hasOwn(names, first) && names[first]) || nameByPrefix(names, first);
      if (named) return { type: named[0], code: named[1] };
      const slash = first.indexOf('/');
      const type = parseUnsigned(slash < 0 ? first : first.slice(0, slash), 255);
      const code = slash < 0 ? null : parseUnsigned(first.slice(slash + 1), 255);
      if (type < 0 || (code !== null && code < 0))
        throw new NetfilterError('choice.unknown', { params: { value: first } });
      return { type, code };
    },
    print: (value) => (value.code === null ? String(value.type) : `${value.type}/${value.code}`),
  };
}

/** The tool takes a unique beginning of a name, in any case. */
function nameByPrefix(names: Names, text: string): Names[string] | undefined {
  const lower = text.toLowerCase();
  if (lower === '' || (lower.charCodeAt(0) >= 48 && lower.charCodeAt(0) <= 57)) return undefined;
  const found = Object.keys(names).filter((name) => name.toLowerCase().startsWith(lower));
  const exact = found.find((name) => name.toLowerCase() === lower);
  if (exact !== undefined) return names[exact];
  if (found.length > 1) throw new NetfilterError('option.ambiguous', { expected: found.join(' | ') });
  return found[0] === undefined ? undefined : names[found[0]];
}

function listType(label: string, type: Negatable<IcmpType>): string {
  const code = type.value.code === null ? '' : ` code ${type.value.code}`;
  return type.negated ? `${label} !type ${type.value.type}${code}` : `${label}type ${type.value.type}${code}`;
}

const icmpTypes = icmpType(icmpNames);

/** ICMP type and code. Type 255 is printed as `any` by 1.8.9 and before, whatever its code. */
export const icmp = defineExtension({
  name: 'icmp',
  family: 'ipv4',
  protocol: ICMP,
  fields: {
    type: negatable(
      ['--icmp-type'],
      { ...icmpTypes, print: (value) => (value.type === 255 ? 'any' : icmpTypes.print(value)) },
      { required: true, present: true },
    ),
  },
  list: (match) => listType('icmp', match.type),
});

/** ICMPv6 type and code. */
export const icmp6 = defineExtension({
  name: 'icmp6',
  otherNames: ['icmpv6', 'ipv6-icmp'],
  family: 'ipv6',
  protocol: ICMPV6,
  fields: { type: negatable(['--icmpv6-type'], icmpType(icmpv6Names), { required: true, present: true }) },
  list: (match) => listType('ipv6-icmp', match.type),
});
