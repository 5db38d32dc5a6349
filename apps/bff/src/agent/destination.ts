import { BlockList, isIP } from 'node:net';
import { ProblemError } from '@moru/types';

/**
 * Where no server's NIC can be, but where things on this machine and metadata services listen
 * (reference/security.md T3). An IPv4 address in IPv6 clothes is judged as the IPv4 address that it is.
 */
const refused = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 3],
] as const) {
  refused.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 127],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  refused.addSubnet(network, prefix, 'ipv6');
}
// metadata services that are not link-local: Alibaba Cloud, AWS over IPv6
refused.addAddress('100.100.100.200', 'ipv4');
refused.addAddress('fd00:ec2::254', 'ipv6');

/** The address, when a NIC may have it; rejects with `agent.unreachable`. Names and other notations are refused. */
export function requireNicAddress(address: string): string {
  const family = isIP(address);
  if (family !== 0 && !refused.check(address, family === 4 ? 'ipv4' : 'ipv6')) return address;
  throw new ProblemError('agent.unreachable', { detail: 'The cloud gave an address that no NIC can have.' });
}
