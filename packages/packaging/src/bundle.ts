import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface Bundle {
  /** the whole program as one ECMAScript module */
  code: string;
  /** names of the packages of others that are in it */
  packages: string[];
}

interface BundleOptions {
  /** the oldest Node that runs it; syntax only, what it lacks of the library is the program's own affair */
  target: 'node18' | 'node24';
  /** what may be missing at run time, since the program does without */
  optional?: string[];
}

/** Nothing in it depends on where the checkout lies: the same sources give the same bytes. */
export async function bundle(entry: string, { target, optional = [] }: BundleOptions): Promise<Bundle> {
  const build = await rolldown({
    input: entry,
    cwd: root,
    platform: 'node',
    external: optional,
    transform: { target },
    onLog(level, log) {
      if (level === 'warn') throw new Error(`the program cannot be bundled: ${log.message}`);
    },
  });
  try {
    const { output } = await build.generate({ format: 'esm', codeSplitting: false });
    const [chunk, ...more] = output;
    if (chunk.type !== 'chunk' || more.length > 0) throw new Error('the program is not one file');
    return { code: chunk.code, packages: packagesOf(chunk.moduleIds) };
  } finally {
    await build.close();
  }
}

function packagesOf(modules: readonly string[]): string[] {
  const names = modules.flatMap((id) => {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];
    return name === undefined || name.startsWith('@moru/') ? [] : [name];
  });
  return [...new Set(names)].sort();
}

/** The text of the licence that a package comes with. */
async function licenceOf(name: string): Promise<string> {
  const folder = join(root, 'node_modules', name);
  for (const file of ['LICENSE', 'LICENSE.md', 'LICENCE', 'LICENSE.txt', 'license', 'License']) {
    const text = await readFile(join(folder, file), 'utf8').catch(() => null);
    if (text !== null) return text.trim();
  }
  // some say it in their manifest alone
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { license?: string };
  if (manifest.license) return `Licence: ${manifest.license}`;
  throw new Error(`${name} comes without a licence`);
}

/** Debian's `copyright` of a program that holds those packages. */
export async function copyright(program: string, packages: readonly string[]): Promise<string> {
  const parts = await Promise.all(
    packages.map(async (name) => `The program holds ${name}:\n\n${await licenceOf(name)}\n`),
  );
  return [`${program}. All rights reserved.\n`, ...parts].join('\n');
}
