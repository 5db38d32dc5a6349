import { chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostSpec } from '../driver.ts';
import {
  adminId,
  adminLine,
  authorizedKeys,
  newHostKey,
  switchBackend,
  withoutUser,
} from '../namespaces/disk.ts';
import { iptablesForSshguard, journalOnConsole, sshdSettings } from './etc.ts';
import { configureAdded, configureInterfaces, type InterfaceTool } from './interfaces.ts';
import { openFolders, wantedByMultiUser, writer } from './layer.ts';

/** Parts of a machine's folder: the two layers of its disk, and where boot.sh mounts the image and the whole. */
const parts = ['upper', 'work', 'image', 'root'] as const;

/** What a machine's disk adds to the image's tree. To be touched while the machine is off only. */
export const layerOf = (disk: string) => join(disk, 'upper');

/**
 * Makes the disk of a machine when it has none: what the cloud's image and its first boot put there. It is a layer
 * over the image's tree; what is in it survives a reboot, removing it is what a rebuild does.
 */
export async function prepareDisk(
  disk: string,
  spec: HostSpec,
  image: string,
  interfaces: InterfaceTool,
): Promise<void> {
  const whole = join(disk, 'whole');
  if (await exists(whole)) {
    await addInterfaces(disk, whole, spec, interfaces);
    return;
  }
  await rm(disk, { recursive: true, force: true });
  for (const part of parts) await mkdir(join(disk, part), { recursive: true });
  const layer = layerOf(disk);
  const put = writer(layer);
  await put('etc/hostname', `${spec.hostname}\n`);
  await put('etc/hosts', `127.0.0.1 localhost\n127.0.1.1 ${spec.hostname}\n::1 localhost ip6-localhost\n`);
  await configureInterfaces(layer, spec.nics, interfaces);
  await addAdministrator(layer, spec, image);
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
  await chown(join(layer, homeOf(spec)), adminId, adminId);
  // last: its presence says that the disk is whole, its lines which interfaces it knows
  await writeFile(whole, namesOf(spec.nics));
}

const namesOf = (nics: HostSpec['nics']) => nics.map(({ id }) => `${id}\n`).join('');

async function addInterfaces(
  disk: string,
  whole: string,
  spec: HostSpec,
  interfaces: InterfaceTool,
): Promise<void> {
  const known = (await readFile(whole, 'utf8')).split('\n');
  // a disk of an older version has no lines, and all its interfaces
  const added = known.length > 1 ? spec.nics.filter(({ id }) => !known.includes(id)) : [];
  if (added.length === 0) return;
  await configureAdded(layerOf(disk), added, interfaces);
  await writeFile(whole, namesOf(spec.nics));
}

const homeOf = ({ adminUser }: HostSpec) => `/home/${adminUser}`;

/** What cloud-init does on a server's first boot: the image's account for people, and the key pair for it and root. */
async function addAdministrator(layer: string, spec: HostSpec, image: string): Promise<void> {
  const put = writer(layer);
  const { adminUser } = spec;
  const passwd = await readFile(join(image, 'etc/passwd'), 'utf8');
  const shadow = await readFile(join(image, 'etc/shadow'), 'utf8');
  await put('etc/passwd', `${withoutUser(passwd, adminUser)}${adminLine(spec, homeOf(spec))}`);
  // `*`: no password fits, and yet the account is not locked, which `!` would say
  await put('etc/shadow', `${withoutUser(shadow, adminUser)}${adminUser}:*:20000:0:99999:7:::\n`, 0o640);
  // as the image has it: root's group may not read it
  const { uid, gid } = await stat(join(image, 'etc/shadow'));
  await chown(join(layer, 'etc/shadow'), uid, gid);
  await mkdir(join(layer, homeOf(spec)), { recursive: true });
  for (const [user, keys] of authorizedKeys(spec)) await put(`etc/ssh/authorized_keys/${user}`, keys);
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
