import { type NetworkInterface, ProblemError } from '@moru/types';
import type { CloudInstance } from '../cloud/provider.ts';

/** Rejects with `networkInterface.notFound`: an id of another instance is as unknown as one of none. */
export function requireInterface(instance: CloudInstance, networkInterfaceId: string): NetworkInterface {
  const nic = instance.networkInterfaces.find(({ id }) => id === networkInterfaceId);
  if (!nic) throw new ProblemError('networkInterface.notFound');
  return nic;
}

/**
 * The interface with the Public IP that it holds. Rejects with `networkInterface.noPublicIp`, with `publicIp.changed`
 * when it is another one than `publicIpId`, or with `instance.state`.
 */
export function requireConnected(
  instance: CloudInstance,
  networkInterfaceId: string,
  publicIpId: string,
): { nic: NetworkInterface; held: NonNullable<NetworkInterface['publicIp']> } {
  const nic = requireInterface(instance, networkInterfaceId);
  const held = nic.publicIp;
  if (!held) throw new ProblemError('networkInterface.noPublicIp');
  // without its id nobody could tell afterwards what became of it
  if (held.id === '') throw new ProblemError('instance.state');
  if (held.id !== publicIpId) throw new ProblemError('publicIp.changed');
  if (held.status === 'attaching') throw new ProblemError('instance.state');
  return { nic, held };
}
