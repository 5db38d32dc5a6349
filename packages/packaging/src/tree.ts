import { execFile } from 'node:child_process';
import { chmod, copyFile, lutimes, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** A file of an installed package: its text, or the file of this computer that it is a copy of. */
export type InstalledFile = {
  /** its place on the host, without the leading slash */
  path: string;
  mode: number;
} & ({ text: string } | { copyOf: string });

export const bytesOf = async (file: InstalledFile): Promise<Buffer> =>
  'text' in file ? Buffer.from(file.text) : readFile(file.copyOf);

/** The time that everything in a package bears, in seconds since 1970 (SOURCE_DATE_EPOCH). */
export interface Stamp {
  seconds: number;
}

const execute = promisify(execFile);

/** That of the environment, else that of the last commit; a fixed one where there is no history. */
export async function readStamp(environment: NodeJS.ProcessEnv, folder: string): Promise<Stamp> {
  const given = environment.SOURCE_DATE_EPOCH;
  if (given !== undefined) {
    if (!/^\d{1,11}$/.test(given)) throw new Error('SOURCE_DATE_EPOCH has to be seconds since 1970');
    return { seconds: Number(given) };
  }
  const commit = await execute('git', ['log', '-1', '--format=%ct'], { cwd: folder }).catch(() => null);
  return { seconds: Number(commit?.stdout.trim() || 1_767_225_600) };
}

/** Runs `act` on a folder that holds the files, with their modes and all of one time; it is gone afterwards. */
export async function inTree(
  files: readonly InstalledFile[],
  { seconds }: Stamp,
  act: (tree: string) => Promise<void>,
): Promise<void> {
  const tree = await mkdtemp(join(tmpdir(), 'moru-package-'));
  try {
    for (const file of files) {
      const place = join(tree, file.path);
      await mkdir(dirname(place), { recursive: true });
      await ('text' in file ? writeFile(place, file.text) : copyFile(file.copyOf, place));
      await chmod(place, file.mode);
    }
    const entries = await readdir(tree, { recursive: true, withFileTypes: true });
    const folders = entries
      .filter((entry) => entry.isDirectory())
      .map(({ parentPath, name }) => join(parentPath, name));
    for (const folder of [tree, ...folders]) await chmod(folder, 0o755);
    for (const path of [...files.map((file) => join(tree, file.path)), ...folders, tree]) {
      await lutimes(path, seconds, seconds);
    }
    await act(tree);
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

/** Throws an Error with what the tool wrote. */
export async function runTool(program: string, args: readonly string[], { seconds }: Stamp): Promise<void> {
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', SOURCE_DATE_EPOCH: `${seconds}` };
  await execute(program, args, { env, timeout: 300_000 }).catch((error: Error & { stderr?: string }) => {
    throw new Error(`${program} failed: ${error.stderr?.trim() || error.message}`, { cause: error });
  });
}
