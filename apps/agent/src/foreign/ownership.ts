import { foreignOwner } from '@moru/netfilter';

/**
 * Whose chains are, for all of this process: what an administrator has marked on this host beside what names tell.
 * One process serves one host, and every part that reads or writes rules has to agree on it.
 */
let marked: ReadonlyMap<string, string> = new Map();

/** From here on these chains (by name, in every table and family) belong to the programs named. */
export function setMarked(programs: ReadonlyMap<string, string>): void {
  marked = programs;
}

/** The program that a chain belongs to; null when it is ours to write. */
export function ownerOf(chain: string): string | null {
  return foreignOwner(chain) ?? marked.get(chain) ?? null;
}
