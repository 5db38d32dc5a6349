import { constants } from 'node:fs';
import { access, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { BootLoader } from '@moru/types';

/** Where systemd links what it starts at boot; the package's own links stand in the second. */
const wantsFolders = ['/etc/systemd/system', '/lib/systemd/system', '/usr/lib/systemd/system'];

/** Looks for what loads firewall rules at boot, by its files: nothing is run (reference/iptables.md section 4). */
export async function findLoaders(root = '/'): Promise<BootLoader[]> {
  const disk = new Disk(root);
  const found = await Promise.all([
    unitLoader(disk, 'moru-agent-restore.service', 'Moru', '/etc/iptables.rules'),
    persistent(disk),
    unitLoader(disk, 'nftables.service', 'nftables', '/etc/nftables.conf'),
    unitLoader(disk, 'firewalld.service', 'firewalld', null),
    ufw(disk),
    ifupdown(disk),
    interfacesFile(disk),
    rcLocal(disk),
  ]);
  return found.flat();
}

class Disk {
  private readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  text = (path: string): Promise<string> => readFile(join(this.root, path), 'utf8').catch(() => '');
  names = (path: string): Promise<string[]> => readdir(join(this.root, path)).catch(() => []);

  async exists(path: string): Promise<boolean> {
    return access(join(this.root, path)).then(
      () => true,
      // a link to a path of another root leads nowhere from here, and is there all the same
      () =>
        readlink(join(this.root, path)).then(
          () => true,
          () => false,
        ),
    );
  }

  async executable(path: string): Promise<boolean> {
    return access(join(this.root, path), constants.X_OK).then(
      () => true,
      () => false,
    );
  }

  /** The link that has systemd start the unit at boot; null when nothing does. */
  async wantedBy(unit: string): Promise<string | null> {
    for (const folder of wantsFolders) {
      for (const target of await this.names(folder)) {
        if (!/\.(wants|requires)$/.test(target)) continue;
        const link = join(folder, target, unit);
        if (await this.exists(link)) return link;
      }
    }
    return null;
  }

  async unitFile(unit: string): Promise<string | null> {
    for (const folder of wantsFolders) if (await this.exists(join(folder, unit))) return join(folder, unit);
    return null;
  }

  async masked(unit: string): Promise<boolean> {
    const target = await readlink(join(this.root, '/etc/systemd/system', unit)).catch(() => '');
    return target === '/dev/null';
  }
}

async function unitLoader(
  disk: Disk,
  unit: string,
  name: string,
  loads: string | null,
): Promise<BootLoader[]> {
  const file = await disk.unitFile(unit);
  const link = await disk.wantedBy(unit);
  if (!file && !link) return [];
  if (await disk.masked(unit)) return [{ name, active: false, loads, reason: `${unit} is masked` }];
  if (link) return [{ name, active: true, loads, reason: `${link} starts it at boot` }];
  return [{ name, active: false, loads, reason: `${file} is there, and nothing starts it at boot` }];
}

async function persistent(disk: Disk): Promise<BootLoader[]> {
  const loads = '/etc/iptables/rules.v4';
  const [loader] = await unitLoader(disk, 'netfilter-persistent.service', 'netfilter-persistent', loads);
  if (!loader?.active) return loader ? [loader] : [];
  const plugins = await disk.names('/usr/share/netfilter-persistent/plugins.d');
  if (!plugins.some((name) => name.endsWith('ip4tables'))) {
    return [{ ...loader, active: false, reason: 'it has no plugin for iptables (iptables-persistent)' }];
  }
  if (await disk.exists(loads)) return [loader];
  return [{ ...loader, active: false, reason: `${loads} is not there` }];
}

async function ufw(disk: Disk): Promise<BootLoader[]> {
  const text = await disk.text('/etc/ufw/ufw.conf');
  if (text === '') return [];
  const active = /^\s*ENABLED\s*=\s*yes/im.test(text);
  const reason = `/etc/ufw/ufw.conf says ENABLED=${active ? 'yes' : 'no'}`;
  return [{ name: 'ufw', active, loads: null, reason }];
}

/** The file that a line feeds to iptables-restore. */
function loadedBy(text: string): string | null {
  return /ip6?tables-restore\b[^\n<|;]*<?\s*(\/[^\s;|&"']+)/.exec(text)?.[1] ?? null;
}

const restores = (text: string) => /^(?!\s*#).*\bip6?tables(?:-legacy|-nft)?-restore\b/m.test(text);

/** The guide's way: a script in if-pre-up.d, which only ifupdown runs (not netplan, so not Ubuntu 18.04 and later). */
async function ifupdown(disk: Disk): Promise<BootLoader[]> {
  const installed = await disk.exists('/sbin/ifup');
  const loaders: BootLoader[] = [];
  for (const folder of ['/etc/network/if-pre-up.d', '/etc/network/if-up.d']) {
    for (const name of await disk.names(folder)) {
      const path = join(folder, name);
      const text = await disk.text(path);
      if (!restores(text)) continue;
      const runnable = await disk.executable(path);
      // run-parts(8) skips names with other characters, such as a dot
      const listed = /^[A-Za-z0-9_-]+$/.test(name);
      const reason = !installed
        ? `${path} is run by ifupdown only, which is not installed`
        : !runnable
          ? `${path} is not executable`
          : !listed
            ? `${path} is skipped by run-parts, for its name`
            : `${path} is run when an interface comes up`;
      loaders.push({
        name: 'ifupdown',
        active: installed && runnable && listed,
        loads: loadedBy(text),
        reason,
      });
    }
  }
  return loaders;
}

async function interfacesFile(disk: Disk): Promise<BootLoader[]> {
  const text = await disk.text('/etc/network/interfaces');
  const line = /^\s*(?:pre-up|up|post-up)\s+.*ip6?tables\S*-restore.*$/m.exec(text)?.[0];
  if (!line) return [];
  const active = await disk.exists('/sbin/ifup');
  const reason = active
    ? '/etc/network/interfaces runs iptables-restore'
    : '/etc/network/interfaces is read by ifupdown only, which is not installed';
  return [{ name: 'interfaces', active, loads: loadedBy(line), reason }];
}

async function rcLocal(disk: Disk): Promise<BootLoader[]> {
  const text = await disk.text('/etc/rc.local');
  if (!restores(text)) return [];
  const active = await disk.executable('/etc/rc.local');
  const reason = `/etc/rc.local runs iptables-restore and is ${active ? '' : 'not '}executable`;
  return [{ name: 'rc.local', active, loads: loadedBy(text), reason }];
}
