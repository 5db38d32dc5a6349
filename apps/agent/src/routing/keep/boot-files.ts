import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RouteKeeper } from '@moru/types';
import { readRulesFile } from '../../firewall/rules-file.ts';
import { scanYaml } from './yaml-lines.ts';

export interface BootFile {
  /** as the host names it */
  path: string;
  text: string;
}

/** What configures the host's interfaces at boot, with the text of its files. */
export interface BootFiles {
  tool: RouteKeeper['tool'];
  files: BootFile[];
}

/** netplan reads them by name over all folders; of one name the last folder's counts (netplan(5)). */
const netplanFolders = ['/lib/netplan', '/etc/netplan', '/run/netplan'];
const interfacesFile = '/etc/network/interfaces';
const interfacesFolder = '/etc/network/interfaces.d';
/** A host has a handful. */
const maxFiles = 64;

const names = async (folder: string) => (await readdir(folder).catch(() => [])).sort().slice(0, maxFiles);

async function texts(root: string, paths: readonly string[]): Promise<BootFile[]> {
  const files = await Promise.all(
    paths.map(async (path) => ({ path, file: await readRulesFile(join(root, path)).catch(() => null) })),
  );
  return files.flatMap(({ path, file }) => (file && !file.truncated ? [{ path, text: file.text }] : []));
}

/** Links and whatever is no file are left out: they are never written either. */
export async function readBootFiles(root = '/'): Promise<BootFiles> {
  const byName = new Map<string, string>();
  for (const folder of netplanFolders) {
    for (const name of await names(join(root, folder))) {
      if (name.endsWith('.yaml')) byName.set(name, join(folder, name));
    }
  }
  const sorted = [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
  const netplan = await texts(root, sorted);
  if (netplan.length > 0) return { tool: 'netplan', files: netplan };

  const installed = await access(join(root, '/sbin/ifup')).then(
    () => true,
    () => false,
  );
  if (!installed) return { tool: 'none', files: [] };
  const more = (await names(join(root, interfacesFolder))).filter((name) => !name.startsWith('.'));
  const files = await texts(root, [interfacesFile, ...more.map((name) => join(interfacesFolder, name))]);
  const configures = files.some(({ text }) => /^\s*iface\s+(?!lo\s)\S+\s+inet/m.test(text));
  return configures ? { tool: 'ifupdown', files } : { tool: 'none', files: [] };
}

/** For the page: which tool and which files. */
export function keeperOf({ tool, files }: BootFiles): RouteKeeper {
  const renderers = files.flatMap(({ text }) =>
    tool === 'netplan'
      ? (scanYaml(text) ?? []).filter(({ path }) => path.join('/') === 'network/renderer')
      : [],
  );
  const renderer = renderers.at(-1)?.value;
  return {
    tool,
    renderer: renderer === 'networkd' || renderer === 'NetworkManager' ? renderer : null,
    files: files.map(({ path }) => path),
  };
}
