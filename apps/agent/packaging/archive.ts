import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Contents } from './contents.ts';
import { inTree, runTool, type Stamp } from './tree.ts';

const install = fileURLToPath(new URL('install/', import.meta.url));

/** Writes FOLDER/moru-agent-VERSION.tar.gz, for hosts that are not to use dpkg, and answers its path. */
export async function makeArchive(
  { version, files }: Contents,
  stamp: Stamp,
  folder: string,
): Promise<string> {
  const archive = join(folder, `moru-agent-${version}.tar.gz`);
  await mkdir(folder, { recursive: true });
  await inTree(files, stamp, (tree) =>
    runTool(
      'tar',
      [
        '--create',
        `--file=${archive}`,
        // without the time of packing, which gzip would write down
        '--use-compress-program=gzip -9n',
        '--sort=name',
        '--format=gnu',
        '--owner=0',
        '--group=0',
        '--numeric-owner',
        `--mtime=@${stamp.seconds}`,
        `--directory=${tree}`,
        '.',
      ],
      stamp,
    ),
  );
  return archive;
}

/** The script that installs the archive: self-contained, since it comes to the host alone. */
export async function writeInstaller(folder: string): Promise<string> {
  const [script, steps] = await Promise.all(
    ['install.sh', 'steps.sh'].map((name) => readFile(join(install, name), 'utf8')),
  );
  const path = join(folder, 'install.sh');
  await writeFile(
    path,
    (script ?? '').replace('#STEPS#', () => (steps ?? '').trim()),
    { mode: 0o755 },
  );
  return path;
}

/** `SHA256SUMS` as sha256sum(1) checks it. */
export async function writeSums(paths: readonly string[], folder: string): Promise<void> {
  const lines = await Promise.all(
    paths.map(async (path) => {
      const sum = createHash('sha256').update(await readFile(path));
      return `${sum.digest('hex')}  ${basename(path)}\n`;
    }),
  );
  await writeFile(join(folder, 'SHA256SUMS'), lines.sort().join(''));
}
