import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const room = fileURLToPath(new URL('..', import.meta.url));
const root = join(room, '../..');

export interface Bundle {
  /** the whole program as one ECMAScript module for Node 18 and later */
  code: string;
  /** names of the packages of others that are in it */
  packages: string[];
}

/** Nothing in it depends on where the checkout lies: the same sources give the same bytes. */
export async function bundleProgram(entry = join(room, 'src/cli/main.ts')): Promise<Bundle> {
  const build = await rolldown({
    input: entry,
    cwd: root,
    platform: 'node',
    // syntax only: what Node 18 lacks of the library is in src/process/older-node.ts
    transform: { target: 'node18' },
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
export async function licenceOf(name: string): Promise<string> {
  const folder = join(root, 'node_modules', name);
  for (const file of ['LICENSE', 'LICENSE.md', 'LICENCE', 'license']) {
    const text = await readFile(join(folder, file), 'utf8').catch(() => null);
    if (text !== null) return text.trim();
  }
  throw new Error(`${name} comes without a licence`);
}

/** `VERSION-HASH`, which names these very bytes. */
export function buildName(version: string, texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text);
  return `${version}-${hash.digest('hex').slice(0, 12)}`;
}
