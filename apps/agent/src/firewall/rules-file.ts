import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { ProblemError } from '@moru/types';
import { diskProblem, errorCode } from '../process/durable.ts';
import { failpoint } from '../process/failpoints.ts';
import { readRootFile, viaHelper, writeRootFile } from '../process/root-files.ts';

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_DIRECTORY, O_NONBLOCK } = constants;
const maxReadBytes = 16 * 1024 * 1024;

function refuse(detail: string): never {
  throw new ProblemError('file.refused', { detail });
}

/** Anything but a plain file of ours with one name is refused. */
function assertPlain(path: string, facts: Stats): void {
  if (facts.isSymbolicLink()) refuse(`${path} is a symbolic link.`);
  if (!facts.isFile()) refuse(`${path} is not a regular file.`);
  if (facts.nlink !== 1) refuse(`${path} has other hard links.`);
  if (facts.uid !== process.geteuid?.()) refuse(`${path} belongs to another user.`);
}

/** Null where there is no such file. */
async function lstatOrNull(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Opens the folder once; the file is then reached through that descriptor, so that swapping the folder's
 * name for a link meanwhile changes nothing (Node has no openat; `/proc/self/fd/N/name` is the same thing).
 */
async function openFolder(path: string): Promise<FileHandle> {
  const folder = await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW).catch((error: unknown) => {
    if (errorCode(error) === 'ELOOP' || errorCode(error) === 'ENOTDIR') refuse(`${path} is not a folder.`);
    throw error;
  });
  const facts = await folder.stat();
  if (facts.uid === process.geteuid?.() && (facts.mode & 0o022) === 0) return folder;
  await folder.close();
  return refuse(`${path} can be changed by other users.`);
}

/**
 * Replaces the file with `text`, whole or not at all: a new file beside it, fsync, rename, fsync of the folder
 * (reference/security.md section 5, F5). Throws ProblemError `file.refused` where the file or its
 * folder is not safely ours (T17), `host.failed` where the disk does not take it.
 */
export async function writeRulesFile(path: string, text: string, mode = 0o600): Promise<void> {
  if (viaHelper) return writeRootFile(path, text);
  try {
    const folder = await openFolder(dirname(path));
    try {
      await replace(`/proc/self/fd/${folder.fd}`, path, text, mode);
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw diskProblem(`${path} could not be written.`, error);
  }
}

async function replace(folder: string, path: string, text: string, mode: number): Promise<void> {
  const name = basename(path);
  const target = `${folder}/${name}`;
  const facts = await lstatOrNull(target);
  if (facts) assertPlain(path, facts);

  // one fixed name: what a killed save left behind is taken away by the next one
  const temporary = `${folder}/.${name}.moru-new`;
  await unlink(temporary).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') refuse(`A temporary file beside ${path} cannot be removed.`);
  });
  const file = await open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  try {
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    failpoint('saveWritten');
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
}

export interface RulesFile {
  text: string;
  modifiedAt: Date;
  truncated: boolean;
}

/**
 * The file's text, at most 16 MiB of it, or null where there is none. Never follows a link and never waits on
 * a fifo: throws ProblemError `file.refused` for anything but a regular file.
 */
export async function readRulesFile(path: string): Promise<RulesFile | null> {
  let file: FileHandle;
  try {
    file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    if (errorCode(error) === 'ELOOP') return refuse(`${path} is a symbolic link.`);
    // a socket
    if (errorCode(error) === 'ENXIO') return refuse(`${path} is not a regular file.`);
    if (errorCode(error) === 'EACCES' && viaHelper) return readByHelper(path);
    throw diskProblem(`${path} could not be read.`, error);
  }
  try {
    const facts = await file.stat();
    if (!facts.isFile()) refuse(`${path} is not a regular file.`);
    const buffer = Buffer.alloc(Math.min(facts.size, maxReadBytes));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return {
      text: buffer.toString('utf8', 0, bytesRead),
      modifiedAt: facts.mtime,
      truncated: facts.size > maxReadBytes,
    };
  } finally {
    await file.close();
  }
}

async function readByHelper(path: string): Promise<RulesFile | null> {
  const file = await readRootFile(path);
  if (!file) return null;
  const { content, size, modifiedAt } = file;
  return { text: content.toString('utf8'), modifiedAt, truncated: size > content.length };
}
