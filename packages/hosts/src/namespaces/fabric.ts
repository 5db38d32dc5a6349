import type { ChildProcess } from 'node:child_process';
import type { HostNic, PublicIpMapping } from '../driver.ts';
import { serialised } from '../serialised.ts';
import { end, holdNetwork, run, runInNetwork } from './run.ts';

/** Addresses of the installation's own networks (design/house.md, Hosts). All of them exist in namespaces only. */
export const networks = {
  console: { gateway: '100.64.0.1', address: '100.64.0.2', prefix: 24 },
  internet: { gateway: '198.51.100.1', address: '198.51.100.10', prefix: 24 },
} as const;

/** The network between console, internet and hosts: a router with a bridge for each subnet, and one-to-one NAT. */
export interface Fabric {
  readonly pids: { fabric: number; console: number; internet: number };
  readonly processes: ChildProcess[];
  /**
   * Plugs a host's interfaces into their bridges and configures them inside the host, unless its own boot does
   * that; answers how to pull them. They must be pulled when the host is off: an unfinished connection keeps its
   * namespace, addresses and all, for minutes after its last process, and would answer in place of the host's
   * next boot.
   */
  plug(hostPid: number, nics: HostNic[], configures?: 'itself'): Promise<() => Promise<void>>;
  setPublicIps(mappings: PublicIpMapping[]): Promise<void>;
  close(): Promise<void>;
}

export async function createFabric(): Promise<Fabric> {
  const [fabric, console, internet] = await Promise.all([holdNetwork(), holdNetwork(), holdNetwork()]);
  const pids = { fabric: fabric.pid, console: console.pid, internet: internet.pid };
  const processes: ChildProcess[] = [fabric, console, internet];
  const close = async () => {
    await Promise.all(processes.map((process) => end(process)));
  };
  try {
    await runInNetwork(pids.fabric, 'ip', ['-batch', '-'], routerBatch(pids));
    await Promise.all([
      runInNetwork(pids.fabric, 'sh', ['-c', routerSettings]),
      runInNetwork(pids.console, 'ip', ['-batch', '-'], edgeBatch(networks.console)),
      runInNetwork(pids.internet, 'ip', ['-batch', '-'], edgeBatch(networks.internet)),
    ]);
    await runInNetwork(pids.fabric, 'iptables-nft-restore', ['--noflush'], translation([]));
  } catch (error) {
    await close();
    throw error;
  }

  let nextPort = 1;
  const bridges = bridgesOf(pids.fabric);
  return {
    pids,
    processes,
    close,
    async plug(hostPid, nics, configures) {
      await bridges.use(nics);
      const ports = nics.map((nic) => ({ nic, port: `port${nextPort++}` }));
      const cables = ports.flatMap(({ nic, port }) => [
        `link add ${port} type veth peer name ${nic.device} address ${nic.mac} netns ${hostPid}`,
        `link set ${port} master ${bridgeOf(nic)} up`,
      ]);
      const pull = async () => {
        const lines = ports.map(({ port }) => `link del ${port}`).join('\n');
        // -force: a port that went with its host is what we want
        await runInNetwork(pids.fabric, 'ip', ['-force', '-batch', '-'], `${lines}\n`).catch(() => {});
        await bridges.leave(nics);
      };
      try {
        await runInNetwork(pids.fabric, 'ip', ['-batch', '-'], `${cables.join('\n')}\n`);
        if (configures !== 'itself') await runInNetwork(hostPid, 'ip', ['-batch', '-'], hostBatch(nics));
      } catch (error) {
        await pull();
        throw error;
      }
      return pull;
    },
    async setPublicIps(mappings) {
      await runInNetwork(pids.fabric, 'iptables-nft-restore', ['--noflush'], translation(mappings));
    },
  };
}

function routerBatch(pids: { console: number; internet: number }): string {
  const lines = ['link set lo up'];
  for (const name of ['console', 'internet'] as const) {
    lines.push(
      `link add ${name}0 type veth peer name eth0 netns ${pids[name]}`,
      `addr add ${networks[name].gateway}/${networks[name].prefix} dev ${name}0`,
      `link set ${name}0 up`,
    );
  }
  return `${lines.join('\n')}\n`;
}

interface Bridges {
  /** makes those that are not there yet */
  use(nics: HostNic[]): Promise<void>;
  /** takes away those that nobody uses any more: their subnets may be gone, and others come with the same addresses */
  leave(nics: HostNic[]): Promise<void>;
}

function bridgesOf(fabricPid: number): Bridges {
  const users = new Map<string, number>();
  const made = new Set<string>();
  const inOrder = serialised();
  const count = (nics: HostNic[], by: 1 | -1) => {
    for (const { network } of nics) users.set(network, (users.get(network) ?? 0) + by);
  };
  return {
    async use(nics) {
      count(nics, 1);
      try {
        for (const nic of nics) {
          await inOrder(nic.network, async () => {
            if (made.has(nic.network)) return;
            await runInNetwork(fabricPid, 'sh', ['-c', bridgeScript(nic)]);
            made.add(nic.network);
          });
        }
      } catch (error) {
        count(nics, -1);
        throw error;
      }
    },
    async leave(nics) {
      count(nics, -1);
      for (const nic of nics) {
        await inOrder(nic.network, async () => {
          if (users.get(nic.network) !== 0 || !made.delete(nic.network)) return;
          await runInNetwork(fabricPid, 'ip', ['link', 'del', bridgeOf(nic)]).catch(() => {});
        });
      }
    },
  };
}

const bridgeOf = ({ network }: HostNic) => `br-${network}`;

/**
 * Strict reverse-path filtering on the subnets stands for the cloud's own anti-spoofing: an answer that leaves
 * by the wrong interface is dropped, which is the trouble with two default gateways that the guide describes.
 * What a try before left half done is done again.
 */
function bridgeScript(nic: HostNic): string {
  const name = bridgeOf(nic);
  return [
    'set -e',
    `ip link show ${name} > /dev/null 2>&1 || ip link add ${name} type bridge`,
    `ip addr replace ${nic.gateway}/${nic.prefix} dev ${name}`,
    `echo 1 > /proc/sys/net/ipv4/conf/${name}/rp_filter`,
    `ip link set ${name} up`,
  ].join('\n');
}

const routerSettings = [
  'echo 1 > /proc/sys/net/ipv4/ip_forward',
  '[ ! -e /proc/sys/net/bridge/bridge-nf-call-iptables ] || echo 0 > /proc/sys/net/bridge/bridge-nf-call-iptables',
].join('\n');

function edgeBatch(edge: { address: string; gateway: string; prefix: number }): string {
  return [
    'link set lo up',
    `addr add ${edge.address}/${edge.prefix} dev eth0`,
    'link set eth0 up',
    `route add default via ${edge.gateway}`,
    '',
  ].join('\n');
}

/** Equal metrics on purpose: with two interfaces this gives the guide's picture of `route -n`, the first one wins. */
function hostBatch(nics: HostNic[]): string {
  const lines = ['link set lo up'];
  for (const nic of nics) {
    lines.push(`addr add ${nic.address}/${nic.prefix} dev ${nic.device}`, `link set ${nic.device} up`);
  }
  for (const nic of nics) lines.push(`route append default via ${nic.gateway} dev ${nic.device} metric 100`);
  return `${lines.join('\n')}\n`;
}

/**
 * The whole of the router's rules for a set of Public IPs. Forwarding is by mapping, not by connection state:
 * a connection that was made through a Public IP ends with it. `--noflush` with `-F` because a full restore is
 * not atomic for packets on nft (reference/iptables.md section 0).
 */
function translation(mappings: PublicIpMapping[]): string {
  const inwards = mappings.map(
    (m) => `-A PREROUTING -d ${m.publicIp}/32 -j DNAT --to-destination ${m.privateIp}`,
  );
  const outwards = mappings.map(
    (m) => `-A POSTROUTING -s ${m.privateIp}/32 -o internet0 -j SNAT --to-source ${m.publicIp}`,
  );
  const forward = mappings.flatMap((m) => [
    `-A FORWARD -i internet0 -d ${m.privateIp}/32 -m conntrack --ctorigdst ${m.publicIp} -j ACCEPT`,
    `-A FORWARD -i internet0 -d ${m.privateIp}/32 -m conntrack --ctstate ESTABLISHED,RELATED --ctrepldst ${m.publicIp} -j ACCEPT`,
    `-A FORWARD -o internet0 -s ${m.privateIp}/32 -j ACCEPT`,
  ]);
  return [
    '*nat',
    ':PREROUTING ACCEPT [0:0]',
    ':POSTROUTING ACCEPT [0:0]',
    '-F PREROUTING',
    '-F POSTROUTING',
    ...inwards,
    ...outwards,
    'COMMIT',
    '*filter',
    ':FORWARD DROP [0:0]',
    '-F FORWARD',
    '-A FORWARD ! -i internet0 ! -o internet0 -j ACCEPT',
    ...forward,
    'COMMIT',
    '',
  ].join('\n');
}

/** Which iptables back ends work on this machine, tried in a namespace that ends with the trial. */
export async function workingBackends(): Promise<('legacy' | 'nft')[]> {
  const tried = await Promise.all(
    (['legacy', 'nft'] as const).map(async (backend) => {
      try {
        await run('unshare', [
          '--net',
          '--mount',
          'sh',
          '-c',
          `mount -t tmpfs tmpfs /run && iptables-${backend} -S`,
        ]);
        return backend;
      } catch {
        return null;
      }
    }),
  );
  return tried.filter((backend) => backend !== null);
}
