import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DisconnectPublicIp,
  type DisconnectPublicIpResult,
  type NetworkInterface,
  ProblemError,
} from '@moru/types';
import type { Caller, CloudProvider } from '../cloud/provider.ts';
import { settle, UnsettledWrite } from '../settle.ts';

/** For a cloud that shows an address as attached for a moment after it was detached, and does not delete it then. */
const deletionAttempts = 4;
const deletionPauseMs = 500;

/**
 * Disconnects this address, whatever else the interface may have got meanwhile, and deletes it where asked. Rejects
 * with `publicIp.changed`, or with `publicIp.detachedNotDeleted` when only the first half was done.
 */
export async function disconnectPublicIp(
  cloud: CloudProvider,
  caller: Caller,
  { nic, held }: { nic: NetworkInterface; held: NonNullable<NetworkInterface['publicIp']> },
  { deletePublicIp }: Pick<DisconnectPublicIp, 'deletePublicIp'>,
): Promise<DisconnectPublicIpResult> {
  await orSettled(cloud.detachPublicIp(caller, nic.id, held.id), async () => {
    const ip = await cloud.getPublicIp(caller, held.id);
    return ip?.attachedTo?.networkInterfaceId !== nic.id;
  });
  if (deletePublicIp) await deleteDetached(cloud, caller, held.id);
  return { address: held.address, deleted: deletePublicIp };
}

async function deleteDetached(cloud: CloudProvider, caller: Caller, publicIpId: string): Promise<void> {
  const isGone = async () => (await cloud.getPublicIp(caller, publicIpId)) === null;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await orSettled(cloud.deletePublicIp(caller, publicIpId), isGone);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const { code, upstream } = error.problem;
      if (code === 'publicIp.inUse' && attempt < deletionAttempts) {
        await sleep(deletionPauseMs);
        continue;
      }
      const extras = upstream === undefined ? {} : { upstream };
      if (code !== 'outcome.unknown') {
        throw new ProblemError('publicIp.detachedNotDeleted', extras, { cause: error });
      }
      const detail = 'Disconnected; whether it was deleted is not known.';
      throw new ProblemError('outcome.unknown', { ...extras, detail }, { cause: error });
    }
  }
}

/** The write, or where its outcome is open what the state shows. */
async function orSettled(write: Promise<void>, isDone: () => Promise<boolean>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!(error instanceof UnsettledWrite)) throw error;
    await settle(error, async () => (await isDone()) || null);
  }
}
