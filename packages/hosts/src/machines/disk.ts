import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostSpec } from '../driver.ts';
import { newHostKey, switchBackend } from '../namespaces/disk.ts';
import { iptablesForSshguard, journalOnConsole, sshdSettings } from './etc.ts';
import { configureInterfaces, type InterfaceTool } from './interfaces.ts';
import { openFolders, wantedByMultiUser, writer } from './layer.ts';

/** Parts of a machine's folder: the two layers of its disk, and where boot.sh mounts the image and the whole. */
const parts = ['upper', 'work', 'image', 'root'] as const;

/** What a machine's disk adds to the image's tree. To be touched while the machine is off only. */
export const layerOf = (disk: string) => join(disk, 'upper');

/**
 * Makes the disk of a machine when it has none: what the cloud's image and its first boot put there. It is a layer
 * over the image's tree; what is in it survives a reboot, removing it is what a rebuild does.
 */
export async function prepareDisk(disk: string, spec: HostSpec, interfaces: InterfaceTool): Promise<void> {
  const whole = join(disk, 'whole');
  if (await exists(whole)) return;
  await rm(disk, { recursive: true, force: true });
  for (const part of parts) await mkdir(join(disk, part), { recursive: true });
  const layer = layerOf(disk);
  const put = writer(layer);
  await put('etc/hostname', `${spec.hostname}\n`);
  await put('etc/hosts', `127.0.0.1 localhost\n127.0.1.1 ${spec.hostname}\n::1 localhost ip6-localhost\n`);
  await configureInterfaces(layer, spec.nics, interfaces);
  await switchBackend(join(layer, 'etc'), spec.backend);
  await put('etc/ssh/sshd_config.d/moru.conf', sshdSettings);
  await put('etc/ssh/ssh_host_ecdsa_key', newHostKey(), 0o600);
  await put('etc/sshguard/sshguard.conf', iptablesForSshguard.settings);
  await put('etc/systemd/system/sshguard.service.d/iptables.conf', iptablesForSshguard.unit);
  await put('etc/systemd/journald.conf.d/console.conf', journalOnConsole);
  for (const folder of ['var/lib/moru', wantedByMultiUser]) {
    await mkdir(join(layer, folder), { recursive: true });
  }
  await openFolders(layer);
  // last: its presence says that the disk is whole
  await writeFile(whole, '');
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
