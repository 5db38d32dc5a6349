import { type BareHost, startBareHost } from '../../testing/host.ts';
import { parseInterfaces } from '../parse-interfaces.ts';
import { parseRoutes } from '../parse-routes.ts';
import { parsePolicyRules } from '../parse-rules.ts';
import type { RoutingFacts } from '../read.ts';

/** The guide's host: two interfaces, two default gateways of one metric; and the same with IPv6. */
const setup = `
link add eth0 type veth peer name far0
link add eth1 type veth peer name far1
link set far0 up
link set far1 up
link set eth0 up
link set eth1 up
addr add 198.168.0.5/24 dev eth0
addr add 10.10.0.5/24 dev eth1
addr add fd00:1::5/64 dev eth0 nodad
addr add fd00:2::5/64 dev eth1 nodad
route append default via 198.168.0.1 dev eth0 metric 100
route append default via 10.10.0.1 dev eth1 metric 100
-6 route append default via fd00:1::1 dev eth0 metric 100
-6 route append default via fd00:2::1 dev eth1 metric 100
`;

export interface RoutedHost extends BareHost {
  /** runs `ip`; throws with its words where it fails */
  ip(args: string, input?: string): Promise<string>;
  facts(): Promise<RoutingFacts>;
  /** what must be byte for byte the same: `ip route` of both families and the kernel's own list */
  tables(): Promise<string>;
}

export async function startRoutedHost(): Promise<RoutedHost> {
  const host = await startBareHost('nft');
  const ip = async (args: string, input?: string) => {
    const { exitCode, stdout, stderr } = await host.run('ip', args.split(' '), input);
    if (exitCode !== 0) throw new Error(`ip ${args}: ${stderr}`);
    return stdout;
  };
  // link-local routes are there at once, and not a second later in the middle of a comparison
  await host.run('sh', ['-c', 'echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad']);
  for (const line of setup.trim().split('\n')) await ip(line);
  return {
    ...host,
    ip,
    facts: async () => ({
      routes: [
        ...parseRoutes(await ip('-o -d -4 route show table all'), 'ipv4'),
        ...parseRoutes(await ip('-o -d -6 route show table all'), 'ipv6'),
      ],
      interfaces: parseInterfaces(await ip('-j addr')).map((link) => ({ ...link, reversePathFilter: 0 })),
      rules: [
        ...parsePolicyRules(await ip('-4 rule'), 'ipv4'),
        ...parsePolicyRules(await ip('-6 rule'), 'ipv6'),
      ],
    }),
    tables: async () => {
      const { stdout } = await host.run('cat', ['/proc/net/route']);
      return [await ip('route'), await ip('-6 route'), stdout].join('\n');
    },
  };
}
