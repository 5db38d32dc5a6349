import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Family } from '@moru/types';
import { log, messageOf } from '../log.ts';
import { makeFolder } from '../process/durable.ts';

/** What a draft can be made from: the rules of a family in save form, or routes as JSON. */
export type BaseKind = Family | 'routes';

/** Of each kind: a draft is older than that many changes of the host only when nobody looks at it any more. */
const keptBases = 8;

const folderOf = (stateFolder: string) => join(stateFolder, 'bases');

/**
 * Keeps what somebody was shown under its revision, so that a draft made from it can be told from what runs by then.
 * It is a help for a person, not a way back: not synchronised, and a full disk only costs the third side of a conflict.
 */
export async function keepBase(
  stateFolder: string,
  kind: BaseKind,
  revision: string,
  textOf: () => string,
): Promise<void> {
  const folder = folderOf(stateFolder);
  const path = join(folder, `${kind}.${revision}`);
  try {
    if (await touch(path)) return;
    await makeFolder(folder);
    await writeFile(`${path}.new`, textOf(), { mode: 0o600 });
    await rename(`${path}.new`, path);
    await prune(folder, kind);
  } catch (error) {
    log.error('what a draft was made from could not be kept', { kind, reason: messageOf(error) });
    await rm(`${path}.new`, { force: true }).catch(() => {});
  }
}

/** True when it is kept already; it is then the newest. */
async function touch(path: string): Promise<boolean> {
  const now = new Date();
  return utimes(path, now, now).then(
    () => true,
    () => false,
  );
}

async function prune(folder: string, kind: BaseKind): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${kind}.`));
  const aged = await Promise.all(
    names.map(async (name) => ({
      name,
      usedAt: (await stat(join(folder, name)).catch(() => null))?.mtimeMs ?? 0,
    })),
  );
  aged.sort((a, b) => b.usedAt - a.usedAt);
  for (const { name } of aged.slice(keptBases)) await rm(join(folder, name), { force: true });
}

/** Null where it is not kept (any more). */
export function readBase(stateFolder: string, kind: BaseKind, revision: string): Promise<string | null> {
  return readFile(join(folderOf(stateFolder), `${kind}.${revision}`), 'utf8').catch(() => null);
}
