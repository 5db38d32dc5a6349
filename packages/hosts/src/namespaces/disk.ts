import { generateKeyPairSync } from 'node:crypto';
import { chown, mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostSpec } from '../driver.ts';

/** Names of the programs that Debian's alternatives switch between legacy and nft. */
const switched = [
  'iptables',
  'iptables-save',
  'iptables-restore',
  'ip6tables',
  'ip6tables-save',
  'ip6tables-restore',
];

const sshdConfig = `Port 22
HostKey /etc/ssh/moru_host_key
PidFile none
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
AuthorizedKeysFile /etc/ssh/authorized_keys/%u
`;

/**
 * The disk of a host: the upper layers of its /etc, /var/lib and /usr/sbin. What is in them survives a reboot, as on a
 * server; removing the folder is what a rebuild does.
 */
export async function prepareDisk(folder: string, spec: HostSpec, backend: 'legacy' | 'nft'): Promise<void> {
  if (await exists(join(folder, 'etc/hostname'))) return;
  await rm(folder, { recursive: true, force: true });
  for (const part of ['etc/ssh', 'etc.work', 'lib/moru', 'lib.work']) {
    await mkdir(join(folder, part), { recursive: true, mode: 0o755 });
  }
  await switchBackend(join(folder, 'etc'), backend);
  await enableRestore(join(folder, 'etc'));
  const home = `/var/lib/${spec.adminUser}`;
  await mkdir(join(folder, 'lib', spec.adminUser), { mode: 0o750 });
  await chown(join(folder, 'lib', spec.adminUser), adminId, adminId);
  const passwd = await readFile('/etc/passwd', 'utf8');
  const sshd = /^sshd:/m.test(passwd) ? '' : 'sshd:x:109:65534::/run/sshd:/usr/sbin/nologin\n';
  await writeFile(
    join(folder, 'etc/passwd'),
    `${withoutUser(passwd, spec.adminUser)}${sshd}${adminLine(spec, home)}`,
  );
  await writeFile(join(folder, 'etc/ssh/sshd_config'), sshdConfig);
  for (const [user, keys] of authorizedKeys(spec)) {
    await mkdir(join(folder, 'etc/ssh/authorized_keys'), { recursive: true, mode: 0o755 });
    await writeFile(join(folder, 'etc/ssh/authorized_keys', user), keys);
  }
  await writeFile(join(folder, 'etc/ssh/moru_host_key'), newHostKey(), { mode: 0o600 });
  // last: its presence says that the disk is whole
  await writeFile(join(folder, 'etc/hostname'), `${spec.hostname}\n`);
}

/** Beyond the ids that systems give to people, whose files a host in namespaces can see. */
export const adminId = 60_100;

/** The administrator's line of /etc/passwd. */
export function adminLine({ adminUser }: HostSpec, home: string): string {
  return `${adminUser}:x:${adminId}:${adminId}:Administrator:${home}:/bin/bash\n`;
}

export function withoutUser(passwd: string, user: string): string {
  return passwd.replace(new RegExp(`^${user}:.*\\n`, 'm'), '');
}

/** By user name, what /etc/ssh/authorized_keys/NAME holds: the instance's key pair, as cloud-init puts it there. */
export function authorizedKeys(spec: HostSpec): [user: string, text: string][] {
  if (spec.authorizedKeys.length === 0) return [];
  const text = `${spec.authorizedKeys.join('\n')}\n`;
  return ['root', spec.adminUser].map((user) => [user, text]);
}

/** Does what `update-alternatives` does for a fresh /etc: says which back end `iptables` is. */
export async function switchBackend(etc: string, backend: 'legacy' | 'nft'): Promise<void> {
  await mkdir(join(etc, 'alternatives'), { recursive: true, mode: 0o755 });
  for (const name of switched) {
    const variant = name.replace(/^(ip6?tables)/, `$1-${backend}`);
    await symlink(`/usr/sbin/${variant}`, join(etc, 'alternatives', name));
  }
}

/** Does what the agent's package does: has the saved rules loaded at boot (init.sh in place of systemd). */
async function enableRestore(etc: string): Promise<void> {
  const wants = join(etc, 'systemd/system/multi-user.target.wants');
  await mkdir(wants, { recursive: true, mode: 0o755 });
  const unit = 'moru-agent-restore.service';
  await symlink(`/lib/systemd/system/${unit}`, join(wants, unit));
}

/** An SSH server's private key, PEM. */
export function newHostKey(): string {
  return generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;
}

/** What the agent holds once it is enrolled, on a disk whose /var/lib this is. */
export const isEnrolled = (lib: string) => exists(join(lib, 'moru/tls/agent.pem'));

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
