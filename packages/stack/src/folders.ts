import { createHash } from 'node:crypto';
import { lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where one installation keeps what it needs. */
export interface Folders {
  /** everything of the installation */
  base: string;
  /** survives between starts */
  data: string;
  logs: string;
  /** code that Node compiled at an earlier start */
  compiled: string;
  /** unix sockets: a short path of its own, since a socket's path holds at most 107 bytes */
  sockets: string;
}

export async function makeFolders(root: string, name: string): Promise<Folders> {
  const base = join(root, name);
  const digest = createHash('sha256').update(base).digest('hex').slice(0, 10);
  const folders = {
    base,
    data: join(base, 'data'),
    logs: join(base, 'logs'),
    compiled: join(base, 'compiled'),
    sockets: join(tmpdir(), `moru-${process.getuid?.() ?? 0}-${digest}`),
  };
  await mkdir(folders.data, { recursive: true, mode: 0o700 });
  await mkdir(folders.logs, { recursive: true, mode: 0o700 });
  await mkdir(folders.compiled, { recursive: true, mode: 0o700 });
  await mkdir(folders.sockets, { recursive: true, mode: 0o700 });
  const stats = await lstat(folders.sockets);
  // the name can be guessed: somebody else's folder, or a link, must not get our sockets
  if (!stats.isDirectory() || stats.uid !== process.getuid?.()) {
    throw new Error(`${folders.sockets} does not belong to this user`);
  }
  return folders;
}
