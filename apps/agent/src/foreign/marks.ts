import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ForeignChain, foreignChainsSchema, maxForeignChains } from '@moru/types';
import { errorCode, makeFolder, replaceFile } from '../process/durable.ts';
import { setMarked } from './ownership.ts';

const pathOf = (stateFolder: string) => join(stateFolder, 'foreign-chains.json');

/** The chains that were marked on this host, from its disk. Throws an Error that names the file when it is damaged. */
export function readMarks(stateFolder: string): ForeignChain[] {
  const path = pathOf(stateFolder);
  try {
    return foreignChainsSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).chains;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw new Error(`${path} cannot be read`, { cause: error });
  }
}

const take = (chains: readonly ForeignChain[]) =>
  setMarked(new Map(chains.map(({ chain, program }) => [chain, program])));

/** Has this process leave marked chains alone. To be called before it reads or writes rules. Throws as `readMarks`. */
export function loadMarks(stateFolder: string): void {
  take(readMarks(stateFolder));
}

/** Keeps the marks, on the disk first. */
export async function writeMarks(stateFolder: string, chains: readonly ForeignChain[]): Promise<void> {
  if (chains.length > maxForeignChains) throw new RangeError('too many chains are marked');
  await makeFolder(stateFolder);
  await replaceFile(pathOf(stateFolder), `${JSON.stringify({ chains }, null, 1)}\n`);
  take(chains);
}
