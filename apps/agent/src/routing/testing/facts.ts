import type { HostInterface } from '@moru/types';
import { parseRoutes } from '../parse-routes.ts';
import { parsePolicyRules } from '../parse-rules.ts';
import type { RoutingFacts } from '../read.ts';

const standardRules =
  '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n';

export const routes4 = `unicast default via 198.168.0.1 dev eth0 table main proto boot scope global metric 100
unicast default via 10.10.0.1 dev eth1 table main proto boot scope global metric 100
unicast 198.168.0.0/24 dev eth0 table main proto kernel scope link src 198.168.0.5
unicast 10.10.0.0/24 dev eth1 table main proto kernel scope link src 10.10.0.5
local 10.10.0.5 dev eth1 table local proto kernel scope host src 10.10.0.5
`;

const link = (name: string, address: string): HostInterface => ({
  name,
  mac: '02:00:00:00:00:01',
  up: true,
  carrier: true,
  mtu: 1500,
  addresses: [{ family: 'ipv4', address, prefix: 24, scope: 'global' }],
  reversePathFilter: 2,
});

/** The guide's host as read: two interfaces, two default gateways of one metric. */
export function factsOf(ipv4 = routes4, ipv6 = ''): RoutingFacts {
  return {
    routes: [...parseRoutes(ipv4, 'ipv4'), ...parseRoutes(ipv6, 'ipv6')],
    interfaces: [link('eth0', '198.168.0.5'), link('eth1', '10.10.0.5')],
    rules: [...parsePolicyRules(standardRules, 'ipv4'), ...parsePolicyRules(standardRules, 'ipv6')],
  };
}
