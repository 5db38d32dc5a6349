import type { TestHost } from './host.ts';

/** Where the client's requests come from: behind both gateways, on neither's subnet. */
const farClient = '192.0.2.1';

export const secondGateway = '10.10.0.1';

/**
 * Puts the client behind two gateways, as the guide's host has them: it is reached over the default route alone, and
 * answers that come by the second gateway are dropped there, since no cloud passes on an address of another subnet.
 * The first gateway wins to begin with. Once more for a host that was booted anew.
 */
export async function addSecondGateway(host: TestHost): Promise<void> {
  await host.network.unplug('eth1');
  const outside = [
    `link add eth1 type veth peer name eth1 netns ${host.pid}`,
    'address add 10.10.0.1/24 dev eth1',
    'link set eth1 up',
    'link set lo up',
    `address replace ${farClient}/32 dev lo`,
    `route replace 10.0.0.0/24 dev eth0 src ${farClient}`,
  ];
  for (const line of outside) await host.network.run('ip', line.split(' '));
  await host.network.run('sh', ['-c', 'echo 1 > /proc/sys/net/ipv4/conf/eth1/rp_filter']);
  const inside = [
    'address add 10.10.0.2/24 dev eth1',
    'link set eth1 up',
    'route append default via 10.0.0.1 dev eth0 metric 100',
    'route append default via 10.10.0.1 dev eth1 metric 100',
  ];
  // what comes in by the first interface is taken whatever the way back: the cut is the gateway's
  const loose = 'for f in all eth0 eth1; do echo 0 > /proc/sys/net/ipv4/conf/$f/rp_filter; done';
  const set = await host.run('ip', ['-batch', '-'], `${inside.join('\n')}\n`);
  const loosened = await host.run('sh', ['-c', loose]);
  if (set.exitCode + loosened.exitCode !== 0) throw new Error(set.stderr + loosened.stderr);
}
