import { type ConnectPublicIp, type NetworkInterface, ProblemError, type PublicIp } from '@moru/types';
import type { Caller, CloudInstance, CloudProvider } from '../cloud/provider.ts';
import { settle, UnsettledWrite } from '../settle.ts';
import { requireInterface } from './interfaces.ts';

/** Refuses what cannot work, before anything is changed: an interface that is taken, an address that is not idle. */
export async function checkConnect(
  cloud: CloudProvider,
  caller: Caller,
  instance: CloudInstance,
  networkInterfaceId: string,
  choice: ConnectPublicIp,
): Promise<void> {
  const nic = requireInterface(instance, networkInterfaceId);
  if (nic.publicIp) throw new ProblemError('networkInterface.hasPublicIp');
  if (choice.mode === 'new') return;
  const publicIp = await cloud.getPublicIp(caller, choice.publicIpId);
  if (!publicIp) throw new ProblemError('publicIp.notFound');
  if (publicIp.attachedTo !== null || publicIp.status !== 'available') {
    throw new ProblemError('publicIp.inUse');
  }
}

/** Connects, and answers what is known: where the cloud's answer was lost, what its state shows. */
export async function connectPublicIp(
  cloud: CloudProvider,
  caller: Caller,
  instance: CloudInstance,
  nic: NetworkInterface,
  choice: ConnectPublicIp,
): Promise<PublicIp> {
  const place = { instanceId: instance.id, networkInterfaceId: nic.id };
  const attachedTo = {
    instanceId: instance.id,
    instanceName: instance.name,
    networkInterfaceId: nic.id,
    networkInterfaceName: nic.name,
  };
  const held = async () => {
    const all = await cloud.listPublicIps(caller);
    return all.find((ip) => ip.attachedTo?.networkInterfaceId === nic.id) ?? null;
  };
  const isAsked = (ip: PublicIp | null) => ip && (choice.mode === 'new' || ip.id === choice.publicIpId);
  try {
    const publicIp =
      choice.mode === 'new'
        ? await cloud.attachNewPublicIp(caller, place)
        : await cloud.attachPublicIp(caller, place, choice.publicIpId);
    return { ...publicIp, attachedTo };
  } catch (error) {
    if (error instanceof UnsettledWrite) {
      return settle(error, async () => {
        const seen = await held();
        return isAsked(seen) ? seen : null;
      });
    }
    if (error instanceof ProblemError && error.problem.status === 409 && (await held())) {
      const { upstream } = error.problem;
      throw new ProblemError('networkInterface.hasPublicIp', upstream === undefined ? {} : { upstream });
    }
    throw error;
  }
}
