import { NetfilterError } from '../error.ts';
import { parseUnsigned } from './number.ts';

/**
 * Names of IP protocols as Debian's and Ubuntu's /etc/protocols have them: 1.6.1 to 1.8.10 print these names,
 * 1.8.11 prints numbers for all but its own few (reference/iptables.md section 1.2).
 */
const names: Readonly<Record<number, string>> = {
  1: 'icmp',
  2: 'igmp',
  3: 'ggp',
  4: 'ipencap',
  5: 'st',
  6: 'tcp',
  8: 'egp',
  9: 'igp',
  12: 'pup',
  17: 'udp',
  20: 'hmp',
  22: 'xns-idp',
  27: 'rdp',
  29: 'iso-tp4',
  33: 'dccp',
  36: 'xtp',
  37: 'ddp',
  38: 'idpr-cmtp',
  41: 'ipv6',
  43: 'ipv6-route',
  44: 'ipv6-frag',
  45: 'idrp',
  46: 'rsvp',
  47: 'gre',
  50: 'esp',
  51: 'ah',
  57: 'skip',
  58: 'ipv6-icmp',
  59: 'ipv6-nonxt',
  60: 'ipv6-opts',
  73: 'rspf',
  81: 'vmtp',
  88: 'eigrp',
  89: 'ospf',
  93: 'ax.25',
  94: 'ipip',
  97: 'etherip',
  98: 'encap',
  103: 'pim',
  108: 'ipcomp',
  112: 'vrrp',
  115: 'l2tp',
  124: 'isis',
  132: 'sctp',
  133: 'fc',
  135: 'mobility-header',
  136: 'udplite',
  137: 'mpls-in-ip',
  138: 'manet',
  139: 'hip',
  140: 'shim6',
  141: 'wesp',
  142: 'rohc',
  143: 'ethernet',
};

const numbers: ReadonlyMap<string, number> = new Map([
  ...Object.entries(names).map(([number, name]): [string, number] => [name, Number(number)]),
  ['all', 0],
  ['ip', 0],
  ['hopopt', 0],
  ['icmpv6', 58],
  ['ipv6-mh', 135],
  ['mh', 135],
]);

export const TCP = 6;
export const UDP = 17;
export const ICMP = 1;
export const ICMPV6 = 58;
/** Protocols with 16-bit ports at the place where multiport reads them. */
export const portProtocols: readonly number[] = [6, 17, 33, 132, 136];

/** Number of a name or of a number up to 255. 0 stands for all. Case does not matter, as in the tool. */
export function protocolNumber(text: string): number {
  const known = numbers.get(text) ?? numbers.get(text.toLowerCase());
  if (known !== undefined) return known;
  const number = parseUnsigned(text, 255);
  if (number < 0) throw new NetfilterError('protocol.unknown', { word: text, expected: 'name | 0-255' });
  return number;
}

/** The name that `-S` prints, or the number where there is none. */
export function protocolName(number: number): string {
  return names[number] ?? String(number);
}
