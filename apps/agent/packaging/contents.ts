import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyright } from '@moru/packaging/bundle';
import type { InstalledFile } from '@moru/packaging/tree';
import packageFile from '../package.json' with { type: 'json' };
import { buildName, bundleProgram } from './bundle.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const room = join(here, '..');

/** A text at its place on the host. */
type TextFile = InstalledFile & { text: string };

export interface Contents {
  version: string;
  /** in order of their paths */
  files: TextFile[];
}

/** What is put in place of the program, for tests of what a broken one does. */
export interface Stand {
  version?: string;
  program?: string;
}

/** Every file of the installed agent, the same for the .deb and for install.sh. */
export async function readContents(stand: Stand = {}): Promise<Contents> {
  const version = stand.version ?? packageFile.version;
  const { code, packages } = await bundleProgram();
  const program = stand.program ?? code;
  const guard = await readFile(join(room, 'guard/guard.sh'), 'utf8');
  const home = 'usr/lib/moru-agent';
  const units = await texts(join(here, 'systemd'));
  const scripts = await texts(join(here, 'lib'));
  const files: TextFile[] = [
    { path: `${home}/moru-agent.mjs`, text: program, mode: 0o644 },
    { path: `${home}/guard.sh`, text: guard, mode: 0o644 },
    { path: `${home}/build`, text: `${buildName(version, [program, guard])}\n`, mode: 0o644 },
    ...scripts.map(([name, text]) => ({
      path: name === 'moru-agent' ? 'usr/sbin/moru-agent' : `${home}/${name}`,
      text,
      mode: 0o755,
    })),
    ...units.map(([name, text]) => ({ path: `usr/lib/systemd/system/${name}`, text, mode: 0o644 })),
    await copied('install/sysusers.conf', 'usr/lib/sysusers.d/moru-agent.conf'),
    await copied('agent.conf', 'etc/moru/agent.conf'),
    await copied('../README.md', 'usr/share/doc/moru-agent/README.md'),
    {
      path: 'usr/share/doc/moru-agent/copyright',
      text: await copyright("Moru's host agent", packages),
      mode: 0o644,
    },
  ];
  return { version, files: files.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

async function texts(folder: string): Promise<[name: string, text: string][]> {
  const names = (await readdir(folder)).sort();
  return Promise.all(
    names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const),
  ).then((all) => all.map(([name, text]) => [name, text]));
}

async function copied(from: string, to: string): Promise<TextFile> {
  return { path: to, text: await readFile(join(here, from), 'utf8'), mode: 0o644 };
}
