import { readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, type Owner, writeNew } from '../process/durable.ts';
import { identityOf, isRunning, parseIdentity, printIdentity } from '../process/identity.ts';
import { makeTlsFolder, type Places } from './files.ts';

/** Runs alone among everything that changes the host's credential: the command, first boot, renewal. */
export async function alone<T>(places: Places, act: () => Promise<T>): Promise<T> {
  // the agent must be able to read who holds what root's command took
  const owner = await makeTlsFolder(places);
  const path = join(places.tlsFolder, 'changing');
  const self = identityOf(process.pid);
  await take(path, self ? printIdentity(self) : '', owner);
  try {
    return await act();
  } finally {
    await unlink(path).catch(() => {});
  }
}

async function take(path: string, self: string, owner: Owner | null): Promise<void> {
  for (let tries = 0; tries < 2; tries += 1) {
    try {
      return await writeNew(path, self, owner);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    const holder = parseIdentity(await readFile(path, 'utf8').catch(() => ''));
    if (holder && isRunning(holder))
      throw new Error(`process ${holder.pid} is changing the certificate already`);
    // it ended in the middle, as a power cut ends everything
    await unlink(path).catch(() => {});
  }
  throw new Error('another process is changing the certificate already');
}
