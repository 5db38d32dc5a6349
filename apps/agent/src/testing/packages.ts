import { existsSync } from 'node:fs';
import { join } from 'node:path';

const packages = join(import.meta.dirname, '../../../../.moru/packages');

/** The tree of a Debian package that `npm test` unpacked without installing it (tools/lib/debian.js), or null. */
export function unpackedPackage(name: 'sshguard' | 'libfaketime'): string | null {
  const tree = join(packages, name);
  return existsSync(tree) ? tree : null;
}
