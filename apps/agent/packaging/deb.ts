import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Contents, InstalledFile } from './contents.ts';
import { inTree, runTool, type Stamp } from './tree.ts';

const install = fileURLToPath(new URL('install/', import.meta.url));

/** Without Node it can be installed all the same: hosts get theirs in several ways (README, Node). */
const control = (version: string, kilobytes: number) => `Package: moru-agent
Version: ${version}
Architecture: all
Maintainer: Moru maintainers <maintainers@moru.invalid>
Installed-Size: ${kilobytes}
Depends: iptables, iproute2, systemd, util-linux
Recommends: nodejs (>= 18), inotify-tools, nftables
Section: admin
Priority: optional
Description: host agent of Moru, the console for bare-metal servers
 Reads and changes iptables rules and routes of this host for the console, each
 change on trial until somebody proves that the host can still be reached.
`;

/** Settings that an upgrade leaves as the administrator has them. */
const isSetting = ({ path }: InstalledFile) => path.startsWith('etc/');

/** Writes FOLDER/moru-agent_VERSION_all.deb and answers its path. The same contents and stamp give the same bytes. */
export async function makeDeb({ version, files }: Contents, stamp: Stamp, folder: string): Promise<string> {
  const size = files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  const sums = files
    .filter((file) => !isSetting(file))
    .map(({ path, text }) => `${createHash('md5').update(text).digest('hex')}  ${path}\n`);
  const conffiles = files.filter(isSetting).map(({ path }) => `/${path}\n`);
  const about = [
    { path: 'DEBIAN/control', text: control(version, Math.ceil(size / 1024)), mode: 0o644 },
    { path: 'DEBIAN/md5sums', text: sums.join(''), mode: 0o644 },
    { path: 'DEBIAN/conffiles', text: conffiles.join(''), mode: 0o644 },
    ...(await Promise.all(['postinst', 'prerm', 'postrm'].map(maintainerScript))),
  ];
  const deb = join(folder, `moru-agent_${version}_all.deb`);
  await mkdir(folder, { recursive: true });
  await inTree([...about, ...files], stamp, (tree) =>
    runTool('dpkg-deb', ['--root-owner-group', '-Zgzip', '-z9', '--build', tree, deb], stamp),
  );
  return deb;
}

async function maintainerScript(name: string): Promise<InstalledFile> {
  const [steps, own] = await Promise.all(
    ['steps.sh', name].map((file) => readFile(join(install, file), 'utf8')),
  );
  return { path: `DEBIAN/${name}`, text: `#!/bin/sh\nset -e\n\n${steps}\n${own}`, mode: 0o755 };
}
