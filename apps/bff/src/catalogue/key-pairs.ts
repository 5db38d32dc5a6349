import type { CreateKeyPair, CreateKeyPairResult } from '@moru/types';
import type { Caller, CloudProvider } from '../cloud/provider.ts';
import { settle, UnsettledWrite } from '../settle.ts';

/**
 * Makes or imports a key pair. When the answer is lost, an imported one can be looked for; a made one cannot be saved,
 * since its private key was in that answer alone: whoever asked deletes it and asks again.
 */
export async function createKeyPair(
  cloud: CloudProvider,
  caller: Caller,
  wanted: CreateKeyPair,
): Promise<CreateKeyPairResult> {
  try {
    return await cloud.createKeyPair(caller, wanted);
  } catch (error) {
    if (!(error instanceof UnsettledWrite) || wanted.publicKey === undefined) throw error;
    return await settle(error, async () => {
      const keyPair = (await cloud.listKeyPairs(caller)).find(({ name }) => name === wanted.name);
      return keyPair ? { keyPair, privateKey: null } : null;
    });
  }
}

export async function deleteKeyPair(cloud: CloudProvider, caller: Caller, name: string): Promise<void> {
  try {
    await cloud.deleteKeyPair(caller, name);
  } catch (error) {
    if (!(error instanceof UnsettledWrite)) throw error;
    await settle(error, async () => {
      const all = await cloud.listKeyPairs(caller);
      return all.every((pair) => pair.name !== name) || null;
    });
  }
}
