import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostNic } from '../driver.ts';
import { hide, writer } from './layer.ts';

/** What configures a machine's interfaces at boot. The image has both; a machine has one, as servers do. */
export type InterfaceTool = 'netplan' | 'ifupdown';

const filesOf: Record<InterfaceTool, string[]> = {
  netplan: ['etc/netplan', 'usr/sbin/netplan', 'usr/lib/systemd/system-generators/netplan'],
  ifupdown: [
    'etc/network',
    'etc/systemd/system/multi-user.target.wants/networking.service',
    'etc/systemd/system/network-online.target.wants/networking.service',
    ...['ifup', 'ifdown', 'ifquery'].map((program) => `usr/sbin/${program}`),
    ...['networking', 'ifup@', 'ifupdown-pre', 'ifupdown-wait-online'].map(
      (unit) => `usr/lib/systemd/system/${unit}.service`,
    ),
  ],
};

/** Writes the interfaces of a fresh disk as the cloud's image would, and takes the other tool away. */
export async function configureInterfaces(
  layer: string,
  nics: HostNic[],
  tool: InterfaceTool,
): Promise<void> {
  const put = writer(layer);
  await hide(layer, filesOf[tool === 'netplan' ? 'ifupdown' : 'netplan']);
  if (tool === 'netplan') await put('etc/netplan/50-cloud-init.yaml', netplan(nics), 0o600);
  else await put('etc/network/interfaces', ifupdown(nics));
}

/**
 * Configures interfaces that came after the disk was made, once each: a file of their own for netplan, a stanza at
 * the end for ifupdown. What the administrator made of the others stays.
 */
export async function configureAdded(layer: string, nics: HostNic[], tool: InterfaceTool): Promise<void> {
  if (tool === 'netplan') {
    const put = writer(layer);
    for (const nic of nics) await put(`etc/netplan/60-${nic.device}.yaml`, netplan([nic]), 0o600);
  } else {
    await appendFile(join(layer, 'etc/network/interfaces'), nics.map((nic) => `\n${stanza(nic)}`).join(''));
  }
}

/**
 * Equal metrics on purpose, as the cloud's DHCP gives them: with two interfaces this is the guide's picture of
 * `route -n`. By name and not, as cloud-init writes it, by MAC: netplan compares the permanent one, which virtual
 * interfaces lack.
 */
function netplan(nics: HostNic[]): string {
  const ethernets = nics.flatMap((nic) => [
    `    ${nic.device}:`,
    `      addresses: [${nic.address}/${nic.prefix}]`,
    `      routes: [{to: default, via: ${nic.gateway}, metric: 100}]`,
  ]);
  return [...['network:', '  version: 2', '  renderer: networkd', '  ethernets:'], ...ethernets, ''].join(
    '\n',
  );
}

/** `append`, since a second default gateway of the same metric is refused by `add`, which `gateway` would use. */
function ifupdown(nics: HostNic[]): string {
  return ['auto lo\niface lo inet loopback\n', ...nics.map(stanza)].join('\n');
}

function stanza(nic: HostNic): string {
  return `auto ${nic.device}
iface ${nic.device} inet static
    address ${nic.address}/${nic.prefix}
    up ip route append default via ${nic.gateway} dev ${nic.device} metric 100
`;
}
