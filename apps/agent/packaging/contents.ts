import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import packageFile from '../package.json' with { type: 'json' };
import { buildName, bundleProgram, licenceOf } from './bundle.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const room = join(here, '..');

/** A file of the installed agent. */
export interface InstalledFile {
  /** its place on the host, without the leading slash */
  path: string;
  text: string;
  mode: number;
}

export interface Contents {
  version: string;
  /** in order of their paths */
  files: InstalledFile[];
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
  const files: InstalledFile[] = [
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
    { path: 'usr/share/doc/moru-agent/copyright', text: await copyright(packages), mode: 0o644 },
  ];
  return { version, files: files.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

async function texts(folder: string): Promise<[name: string, text: string][]> {
  const names = (await readdir(folder)).sort();
  return Promise.all(
    names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const),
  ).then((all) => all.map(([name, text]) => [name, text]));
}

async function copied(from: string, to: string): Promise<InstalledFile> {
  return { path: to, text: await readFile(join(here, from), 'utf8'), mode: 0o644 };
}

async function copyright(packages: readonly string[]): Promise<string> {
  const parts = await Promise.all(
    packages.map(async (name) => `The program holds ${name}:\n\n${await licenceOf(name)}\n`),
  );
  return ["Moru's host agent. All rights reserved.\n", ...parts].join('\n');
}
