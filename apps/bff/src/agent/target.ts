import { type Instance, ProblemError } from '@moru/types';
import type { AgentTarget } from './channel.ts';

type Facts = Pick<Instance, 'id' | 'networkInterfaces'>;

/** Where an instance's agent listens: at the private address of its primary NIC. Null without one. */
export function findAgent(instance: Facts): AgentTarget | null {
  const address = instance.networkInterfaces.find(({ primary }) => primary)?.privateIp;
  return address ? { instanceId: instance.id, address } : null;
}

/** Rejects with `agent.unreachable` where the cloud knows no address. */
export function requireAgent(instance: Facts): AgentTarget {
  const target = findAgent(instance);
  if (!target)
    throw new ProblemError('agent.unreachable', { detail: 'The instance has no private address.' });
  return target;
}
