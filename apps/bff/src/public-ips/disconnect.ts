import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DisconnectPublicIp,
  type DisconnectPublicIpResult,
  type NetworkInterface,
  ProblemError,
} from '@moru/types';
import type { Caller, CloudInstance, CloudProvider } from '../cloud/provider.ts';
import { settle, UnsettledWrite } from '../settle.ts';

/** The cloud deletes right after detaching; this is for one that answers a moment earlier. */
const deletionLooks = 4;
const deletionPauseMs = 500;

/**
 * Disconnects, with deletion where asked, and answers what the cloud's state shows afterwards. Rejects with
 * `publicIp.detachedNotDeleted` when only the first half was done.
 */
export async function disconnectPublicIp(
  cloud: CloudProvider,
  caller: Caller,
  instance: CloudInstance,
  { nic, held }: { nic: NetworkInterface; held: NonNullable<NetworkInterface['publicIp']> },
  { deletePublicIp }: DisconnectPublicIp,
): Promise<DisconnectPublicIpResult> {
  const read = () => cloud.getPublicIp(caller, held.id);
  const isDetached = async () => {
    const ip = await read();
    return ip === null || ip.attachedTo?.networkInterfaceId !== nic.id ? true : null;
  };
  let words: string | undefined;
  try {
    const place = { instanceId: instance.id, networkInterfaceId: nic.id };
    await cloud.detachPublicIp(caller, place, { deleted: deletePublicIp });
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    // one call does both, so even a refusal may come after the first half
    if (error instanceof UnsettledWrite) await settle(error, isDetached);
    else if (!deletePublicIp || !(await isDetached())) throw error;
    words = error.problem.upstream;
  }
  if (!deletePublicIp) return { address: held.address, deleted: false };
  for (let look = 0; look < deletionLooks; look += 1) {
    if (look > 0) await sleep(deletionPauseMs);
    const left = await read().catch((error: unknown) => {
      throw new ProblemError(
        'outcome.unknown',
        { detail: 'Disconnected; whether it was deleted is not known.' },
        {
          cause: error,
        },
      );
    });
    if (left === null) return { address: held.address, deleted: true };
  }
  throw new ProblemError('publicIp.detachedNotDeleted', words === undefined ? {} : { upstream: words });
}
