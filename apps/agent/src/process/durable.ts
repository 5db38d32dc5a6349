import { closeSync, constants, fsync, openSync, writeFileSync } from 'node:fs';
import { copyFile, mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ProblemError } from '@moru/types';

/** `ENOENT` and the like, of whatever was thrown. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}

/** A failure of the disk as a problem document: `upstream` is the code (ENOSPC). */
export function diskProblem(detail: string, cause: unknown): ProblemError {
  if (cause instanceof ProblemError) return cause;
  return new ProblemError('host.failed', { detail, upstream: errorCode(cause) ?? String(cause) }, { cause });
}

/** Brings names that were made, moved or removed in a folder to the disk. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export interface Owner {
  uid: number;
  gid: number;
}

/**
 * A new file whose content is on the disk; its name is once the folder is synchronised. It is of `owner`, or of whoever
 * we are, before anything stands in it.
 */
export async function writeNew(path: string, text: string, owner: Owner | null = null): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    if (owner) await file.chown(owner.uid, owner.gid);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

const toDisk = promisify(fsync);

/**
 * The same with several files of a folder, which reach the disk in any order. Only that is waited for: to open, write
 * and close each by Node's threads takes longer than the disk.
 */
export async function writeAllNew(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  const opened: number[] = [];
  try {
    for (const [name, text] of files) {
      const file = openSync(join(folder, name), 'wx', 0o600);
      opened.push(file);
      writeFileSync(file, text);
    }
    const written = await Promise.allSettled(opened.map((file) => toDisk(file)));
    for (const each of written) if (each.status === 'rejected') throw each.reason;
  } finally {
    for (const file of opened) closeSync(file);
  }
}

/** The same with the content of another file of ours, which need not fit into our memory. */
export async function copyNew(from: string, path: string): Promise<void> {
  await copyFile(from, path, constants.COPYFILE_EXCL);
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Replaces a file of our own state folder, whole or not at all. */
export async function replaceFile(path: string, text: string, owner: Owner | null = null): Promise<void> {
  const temporary = `${path}.new`;
  await unlink(temporary).catch(() => {});
  try {
    await writeNew(temporary, text, owner);
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
}

/** A folder that only we may enter, with those above it. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
}
