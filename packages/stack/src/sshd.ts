import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const unpacked = fileURLToPath(new URL('../../../.moru/packages/openssh-server', import.meta.url));

/**
 * The SSH server that hosts run: the machine's own, else the one that `npm start` unpacked without installing it
 * (an installed one would be started by the machine). Undefined where there is neither.
 */
export function findSshd(): { program: string; libraries: string } | undefined {
  if (existsSync('/usr/sbin/sshd')) return { program: '/usr/sbin/sshd', libraries: '' };
  const program = join(unpacked, 'usr/sbin/sshd');
  if (!existsSync(program)) return undefined;
  const libraryRoot = join(unpacked, 'usr/lib');
  const libraries = readdirSync(libraryRoot)
    .filter((name) => name.endsWith('-linux-gnu'))
    .map((name) => join(libraryRoot, name))
    .join(':');
  return { program, libraries };
}
