import { readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { makeFolder, replaceFile } from '../process/durable.ts';
import { identityOf, isRunning, parseIdentity, printIdentity } from '../process/identity.ts';

type Place = Pick<Config, 'stateFolder'>;

const file = ({ stateFolder }: Place) => join(stateFolder, 'agent.pid');

/** Leaves word that an agent runs on this host, for root's commands; without it they only know less. */
export async function announce(place: Place): Promise<void> {
  const self = identityOf(process.pid);
  if (!self) return;
  try {
    await makeFolder(place.stateFolder);
    await replaceFile(file(place), printIdentity(self));
  } catch {
    // a full or read-only disk
  }
}

export async function withdraw(place: Place): Promise<void> {
  await unlink(file(place)).catch(() => {});
}

export async function runsHere(place: Place): Promise<boolean> {
  const holder = parseIdentity(await readFile(file(place), 'utf8').catch(() => ''));
  return holder !== null && isRunning(holder);
}
