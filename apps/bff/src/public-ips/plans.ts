import { type ConnectPublicIp, ProblemError, type PublicIp } from '@moru/types';
import type { Caller, CloudInstance, CloudProvider } from '../cloud/provider.ts';
import type { Facts } from '../operations/model.ts';
import type { NewOperation } from '../operations/service.ts';
import { requireInterface } from './interfaces.ts';

const step = (name: string, args: Facts) => ({ name, args });

/**
 * How a Public IP gets to an interface. Refuses what cannot work, before anything is changed: an interface that is
 * taken, an address that is not idle, or not where it was seen.
 */
export async function planConnect(
  cloud: CloudProvider,
  caller: Caller,
  instance: CloudInstance,
  networkInterfaceId: string,
  choice: ConnectPublicIp,
): Promise<NewOperation> {
  if (requireInterface(instance, networkInterfaceId).publicIp) {
    throw new ProblemError('networkInterface.hasPublicIp');
  }
  const to = { instanceId: instance.id, networkInterfaceId };
  const subject = { instanceId: instance.id, instanceName: instance.name };
  if (choice.mode === 'new') {
    const steps = [step('attachNew', to), step('settle', {})];
    return { kind: 'publicIp.connect', subject: { ...subject, address: null }, steps };
  }
  const { publicIpId } = choice;
  const publicIp = await cloud.getPublicIp(caller, publicIpId);
  if (!publicIp) throw new ProblemError('publicIp.notFound');
  const arrival = [step('attach', { ...to, publicIpId }), step('settle', { publicIpId })];
  const whole = { ...subject, address: publicIp.address };
  if (choice.mode === 'existing') {
    if (publicIp.attachedTo !== null || publicIp.status !== 'available') {
      throw new ProblemError('publicIp.inUse');
    }
    return { kind: 'publicIp.connect', subject: whole, steps: arrival };
  }
  const from = attachedPlace(publicIp, choice.fromNetworkInterfaceId);
  return {
    kind: 'publicIp.move',
    subject: whole,
    steps: [step('detach', { ...from, publicIpId }), ...arrival],
  };
}

export function planDisconnect(
  instance: CloudInstance,
  networkInterfaceId: string,
  { id: publicIpId, address }: { id: string; address: string },
  deletePublicIp: boolean,
): NewOperation {
  const place = { instanceId: instance.id, networkInterfaceId, publicIpId };
  return {
    kind: 'publicIp.disconnect',
    subject: { instanceId: instance.id, instanceName: instance.name, address },
    steps: [step('detach', place), ...(deletePublicIp ? [step('delete', { publicIpId })] : [])],
  };
}

/** How an address is given back that was seen on an interface, or on none where `networkInterfaceId` is null. */
export function planRelease(publicIp: PublicIp, networkInterfaceId: string | null): NewOperation {
  const publicIpId = publicIp.id;
  if (networkInterfaceId === null && publicIp.attachedTo) throw new ProblemError('publicIp.changed');
  const place = networkInterfaceId === null ? null : attachedPlace(publicIp, networkInterfaceId);
  return {
    kind: 'publicIp.release',
    subject: {
      instanceId: publicIp.attachedTo?.instanceId ?? null,
      instanceName: publicIp.attachedTo?.instanceName ?? null,
      address: publicIp.address,
    },
    steps: [...(place ? [step('detach', { ...place, publicIpId })] : []), step('delete', { publicIpId })],
  };
}

/** Rejects with `publicIp.changed` when the address is not there (any more), or with `publicIp.pending`. */
function attachedPlace({ attachedTo, status }: PublicIp, networkInterfaceId: string): Facts {
  if (attachedTo?.networkInterfaceId !== networkInterfaceId) throw new ProblemError('publicIp.changed');
  if (status === 'attaching') throw new ProblemError('publicIp.pending');
  return { networkInterfaceId, ...(attachedTo.instanceId && { instanceId: attachedTo.instanceId }) };
}
