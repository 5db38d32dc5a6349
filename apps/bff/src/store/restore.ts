import { access, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../log.ts';
import { restoreBackup } from './backup.ts';
import { claimFolder, storeFile } from './sqlite.ts';
import { openStore, type StorePlace } from './store.ts';

export interface Restored {
  rows: number;
  /** where the files of the store before were moved; null when there was none */
  aside: string | null;
}

/**
 * Restores a backup: into an empty PostgreSQL database, or in place of the file of a folder, whose old files are kept
 * as evidence (reference/security.md F8). Nothing is changed when the backup is bad or the store is in use.
 */
export async function restoreStore(place: StorePlace, file: string, log: Logger): Promise<Restored> {
  if (place.kind === 'postgresql') return { rows: await restoreInto(place, file, log), aside: null };
  const release = claimFolder(place.folder);
  try {
    const work = join(place.folder, 'restoring');
    await rm(work, { recursive: true, force: true });
    const rows = await restoreInto({ kind: 'sqlite', folder: work }, file, log);
    const aside = await setAside(storeFile(place.folder));
    await rename(storeFile(work), storeFile(place.folder));
    await syncFolder(place.folder);
    await rm(work, { recursive: true, force: true });
    return { rows, aside };
  } finally {
    release();
  }
}

async function restoreInto(place: StorePlace, file: string, log: Logger): Promise<number> {
  const store = await openStore(place, log);
  try {
    return await restoreBackup(store.db, file);
  } finally {
    await store.close();
  }
}

async function setAside(file: string): Promise<string | null> {
  const present = await access(file).then(
    () => true,
    () => false,
  );
  if (!present) return null;
  const aside = `${file}.replaced-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
  for (const suffix of ['-wal', '-shm', '']) {
    await rename(file + suffix, aside + suffix).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
  return aside;
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}
