import { parseIpv4, parseIpv4Network } from './address.ts';
import { type Ipv6Network, parseIpv6, parseIpv6Network } from './address6.ts';

/**
 * Whether an address lies in a network as rules have it (`10.0.0.0/8`, `10.1.0.3/255.255.0.255`, `2001:db8::/32`).
 * Null where the first is no whole address; false for the other family.
 */
export function holdsAddress(network: string, address: string): boolean | null {
  const four = /^\d+(\.\d+){3}$/.test(address) ? parseIpv4(address) : -1;
  if (four >= 0) {
    if (network.includes(':')) return false;
    const { bits, mask } = parseIpv4Network(network);
    return (four & mask) >>> 0 === bits;
  }
  const six = address.includes(':') ? parseIpv6(address) : null;
  if (!six) return null;
  if (!network.includes(':')) return false;
  return inIpv6(parseIpv6Network(network), six);
}

function inIpv6({ groups, mask }: Ipv6Network, address: readonly number[]): boolean {
  return groups.every((group, index) => ((address[index] ?? 0) & (mask[index] ?? 0xffff)) === group);
}
