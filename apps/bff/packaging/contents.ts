import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, copyright, root } from '@moru/packaging/bundle';
import { type DebPackage, makeDeb, readScripts } from '@moru/packaging/deb';
import type { InstalledFile, Stamp } from '@moru/packaging/tree';
import packageFile from '../package.json' with { type: 'json' };

const here = fileURLToPath(new URL('.', import.meta.url));
const home = 'usr/lib/moru-console';
const documents = 'usr/share/doc/moru-console';

const control = `Depends: libc6, libstdc++6, systemd, util-linux
Recommends: nginx | httpd
Suggests: postgresql
Section: admin
Priority: optional
Description: Moru, self-hosted console for bare-metal servers
 Project administrators see their instances, connect and disconnect Public IPs,
 repair routes and edit iptables rules of their hosts in a browser. Brings the
 Node that runs it.
`;

interface Wanted {
  /** the built console; it has to be there */
  dist?: string;
  /** another version, for tests of upgrades */
  version?: string;
}

/** Every file of the installed console: the BFF as one file with the Node that runs it, and what it serves. */
export async function readConsolePackage(wanted: Wanted = {}): Promise<DebPackage> {
  const version = wanted.version ?? packageFile.version;
  // pg asks for its native half, and does without
  const optional = ['pg-native', 'cloudflare:sockets'];
  const entry = (name: string) => bundle(join(here, '../src', name), { target: 'node24', optional });
  const [service, command] = await Promise.all([entry('main.ts'), entry('cli/main.ts')]);
  const packages = [...new Set([...service.packages, ...command.packages])].sort();
  const files: InstalledFile[] = [
    // the Node that tests run with is the Node that is shipped
    { path: `${home}/node`, copyOf: process.execPath, mode: 0o755 },
    { path: `${home}/moru-console.mjs`, text: service.code, mode: 0o644 },
    { path: `${home}/moru-console-command.mjs`, text: command.code, mode: 0o644 },
    ...(await consoleFiles(wanted.dist ?? join(root, 'apps/console/dist'))),
    await copied('lib/moru-console', 'usr/sbin/moru-console', 0o755),
    await copied('systemd/moru-console.service', 'usr/lib/systemd/system/moru-console.service'),
    await copied('install/sysusers.conf', 'usr/lib/sysusers.d/moru-console.conf'),
    await copied('console.env', 'etc/moru-console/console.env'),
    ...(await Promise.all(
      ['configuration.md', 'installation.md', 'installation.en.md'].map((name) =>
        copied(`../../../docs/${name}`, `${documents}/${name}`),
      ),
    )),
    { path: `${documents}/copyright`, text: await copyright('Moru', packages), mode: 0o644 },
  ];
  const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const scripts = await readScripts(join(here, 'install'));
  // Node alone is 120 MB: the best compression takes four times as long for 3 % less
  const about = { name: 'moru-console', version, architecture, control, scripts, compression: 6 } as const;
  return { ...about, files: files.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** Writes FOLDER/moru-console_VERSION_ARCHITECTURE.deb and answers its path. */
export const makeConsoleDeb = (deb: DebPackage, stamp: Stamp, folder: string) => makeDeb(deb, stamp, folder);

async function consoleFiles(dist: string): Promise<InstalledFile[]> {
  const entries = await readdir(dist, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  if (files.length === 0) throw new Error('the console is not built: npm run build');
  return files.map((file) => ({ path: `${home}/dist${file.slice(dist.length)}`, copyOf: file, mode: 0o644 }));
}

async function copied(from: string, to: string, mode = 0o644): Promise<InstalledFile> {
  return { path: to, text: await readFile(join(here, from), 'utf8'), mode };
}
