import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { bundle } from '@moru/packaging/bundle';

const program = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

/** What Node 18 lacks of the library is in src/process/older-node.ts. */
export const bundleProgram = (entry = program) => bundle(entry, { target: 'node18' });

/** `VERSION-HASH`, which names these very bytes. */
export function buildName(version: string, texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text);
  return `${version}-${hash.digest('hex').slice(0, 12)}`;
}
