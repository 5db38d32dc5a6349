import { generateKeyPairSync } from 'node:crypto';
import { mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
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
  const passwd = await readFile('/etc/passwd', 'utf8');
  if (!/^sshd:/m.test(passwd)) {
    await writeFile(join(folder, 'etc/passwd'), `${passwd}sshd:x:109:65534::/run/sshd:/usr/sbin/nologin\n`);
  }
  await writeFile(join(folder, 'etc/ssh/sshd_config'), sshdConfig);
  await writeFile(join(folder, 'etc/ssh/moru_host_key'), newHostKey(), { mode: 0o600 });
  // last: its presence says that the disk is whole
  await writeFile(join(folder, 'etc/hostname'), `${spec.hostname}\n`);
}

/** Does what `update-alternatives` does for a fresh /etc: says which back end `iptables` is. */
export async function switchBackend(etc: string, backend: 'legacy' | 'nft'): Promise<void> {
  await mkdir(join(etc, 'alternatives'), { recursive: true, mode: 0o755 });
  for (const name of switched) {
    const variant = name.replace(/^(ip6?tables)/, `$1-${backend}`);
    await symlink(`/usr/sbin/${variant}`, join(etc, 'alternatives', name));
  }
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
