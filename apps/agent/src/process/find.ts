import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The only folders in which programs are looked for. */
export const programFolders = ['/usr/sbin', '/sbin', '/usr/bin', '/bin'] as const;

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The absolute path of a program in the fixed folders, or null. The kernel answers from memory within microseconds;
 * to ask it by way of another thread takes fifty times as long, and an apply asks for a dozen programs.
 */
export function findProgram(name: string): string | null {
  return programFolders.map((folder) => join(folder, name)).find(isProgram) ?? null;
}

/** Changes when a program is replaced, or an alternative is switched to another one. Throws where it has gone. */
export function programPrint(path: string): string {
  const { ino, mtimeMs, size } = statSync(path);
  return [realpathSync.native(path), ino, mtimeMs, size].join(' ');
}
