import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTree, runTool, type Stamp } from '@moru/packaging/tree';
import type { Contents } from './contents.ts';

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
