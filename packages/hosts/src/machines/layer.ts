import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '../namespaces/run.ts';

/** Where links to the units are that start with the machine. */
export const wantedByMultiUser = 'etc/systemd/system/multi-user.target.wants';

/** Writes files into a layer of a disk, with their folders, whatever the umask. */
export function writer(layer: string): (path: string, text: string, mode?: number) => Promise<void> {
  return async (path, text, mode = 0o644) => {
    const file = join(layer, path);
    await mkdir(dirname(file), { recursive: true, mode: 0o755 });
    await writeFile(file, text, { mode });
    await chmod(file, mode);
  };
}

/** Makes files and folders of the lower layer look removed: overlay's whiteouts (overlayfs in the kernel's documentation). */
export async function hide(layer: string, paths: string[]): Promise<void> {
  for (const path of paths) {
    const file = join(layer, path);
    await mkdir(dirname(file), { recursive: true, mode: 0o755 });
    await rm(file, { recursive: true, force: true });
    await run('mknod', [file, 'c', '0', '0']);
  }
}

/** Opens the folders of a fresh layer, whatever the umask: they stand for the image's, which are not for root alone. */
export async function openFolders(layer: string): Promise<void> {
  const entries = await readdir(layer, { recursive: true, withFileTypes: true });
  const folders = entries
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name));
  for (const folder of [layer, ...folders]) await chmod(folder, 0o755);
}
