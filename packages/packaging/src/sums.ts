import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** `SHA256SUMS` as sha256sum(1) checks it. */
export async function writeSums(paths: readonly string[], folder: string): Promise<string> {
  const lines = await Promise.all(
    paths.map(async (path) => {
      const sum = createHash('sha256').update(await readFile(path));
      return `${sum.digest('hex')}  ${basename(path)}\n`;
    }),
  );
  const file = join(folder, 'SHA256SUMS');
  await writeFile(file, lines.sort().join(''));
  return file;
}
