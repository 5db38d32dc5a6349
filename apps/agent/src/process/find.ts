import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { programFolders } from './start.ts';

/**
 * The absolute path of a program in the fixed folders, or null. The kernel answers from memory within microseconds;
 * to ask it by way of another thread takes fifty times as long, and an apply asks for a dozen programs.
 */
export function findProgram(name: string): string | null {
  for (const folder of programFolders) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not here
    }
  }
  return null;
}
