import { fileURLToPath } from 'node:url';
import { makeDeb as makePackage, readScripts } from '@moru/packaging/deb';
import type { Stamp } from '@moru/packaging/tree';
import type { Contents } from './contents.ts';

const install = fileURLToPath(new URL('install/', import.meta.url));

/** Without Node it can be installed all the same: hosts get theirs in several ways (README, Node). */
const control = `Depends: iptables, iproute2, systemd, util-linux
Recommends: nodejs (>= 18), inotify-tools, nftables
Section: admin
Priority: optional
Description: host agent of Moru, the console for bare-metal servers
 Reads and changes iptables rules and routes of this host for the console, each
 change on trial until somebody proves that the host can still be reached.
`;

/** Writes FOLDER/moru-agent_VERSION_all.deb and answers its path. The same contents and stamp give the same bytes. */
export async function makeDeb({ version, files }: Contents, stamp: Stamp, folder: string): Promise<string> {
  const scripts = await readScripts(install);
  const about = { name: 'moru-agent', version, architecture: 'all', control, files, scripts } as const;
  return makePackage(about, stamp, folder);
}
