import { type CreateInstance, ProblemError, type RebuildInstance, type UpdateInstance } from '@moru/types';
import type { Caller, CloudInstance, CloudProvider } from '../cloud/provider.ts';
import { settle, UnsettledWrite } from '../settle.ts';

/** What can be ordered of an instance. */
export type Order =
  | { kind: 'start' }
  | { kind: 'stop' }
  | { kind: 'hardReboot' }
  | ({ kind: 'rebuild' } & RebuildInstance)
  | { kind: 'delete' };

/** The cloud's word for each in its log of actions, and states that only come about through it. */
const traces: Record<Order['kind'], { action: string; states: string[] }> = {
  start: { action: 'start', states: ['powering-on', 'active'] },
  stop: { action: 'stop', states: ['powering-off', 'stopped'] },
  hardReboot: { action: 'hard-reboot', states: ['rebooting_hard', 'rebooting_started_hard'] },
  rebuild: { action: 'rebuild', states: ['rebuild_spawning'] },
  delete: { action: 'delete', states: ['deleting', 'deleted'] },
};

/**
 * Gives the order, once. Where the cloud's answer was lost, its state and its own log decide whether it was taken;
 * rejects with `outcome.unknown` when they do not tell.
 */
export async function order(
  cloud: CloudProvider,
  caller: Caller,
  instanceId: string,
  wanted: Order,
): Promise<void> {
  try {
    await give(cloud, caller, instanceId, wanted);
  } catch (error) {
    if (!(error instanceof UnsettledWrite)) throw error;
    await settle(error, () => wasTaken(cloud, caller, instanceId, wanted.kind));
  }
}

export async function update(
  cloud: CloudProvider,
  caller: Caller,
  instanceId: string,
  change: UpdateInstance,
): Promise<void> {
  try {
    await cloud.updateInstance(caller, instanceId, change);
  } catch (error) {
    if (!(error instanceof UnsettledWrite)) throw error;
    await settle(error, async () => {
      const { name, description } = await cloud.getInstance(caller, instanceId);
      const isNamed = change.name === undefined || change.name === name;
      const isDescribed = change.description === undefined || change.description === (description ?? '');
      return (isNamed && isDescribed) || null;
    });
  }
}

/**
 * The id of the new instance, of the first one where there are several. Where the answer was lost, it is the instance of
 * that name whose log begins with this very request.
 */
export async function create(cloud: CloudProvider, caller: Caller, wanted: CreateInstance): Promise<string> {
  try {
    return await cloud.createInstance(caller, wanted);
  } catch (error) {
    if (!(error instanceof UnsettledWrite)) throw error;
    const name = (wanted.count ?? 1) > 1 ? `${wanted.name}-1` : wanted.name;
    return await settle(error, () => findCreated(cloud, caller, name));
  }
}

function give(cloud: CloudProvider, caller: Caller, id: string, wanted: Order): Promise<void> {
  switch (wanted.kind) {
    case 'start':
      return cloud.startInstance(caller, id);
    case 'stop':
      return cloud.stopInstance(caller, id);
    case 'hardReboot':
      return cloud.hardRebootInstance(caller, id);
    case 'rebuild': {
      const { kind: _, ...body } = wanted;
      return cloud.rebuildInstance(caller, id, body);
    }
    case 'delete':
      return cloud.deleteInstance(caller, id);
  }
}

/** Whether the cloud's state or its log shows that the order of this very request was taken; null where neither does. */
export async function wasTaken(
  cloud: CloudProvider,
  caller: Caller,
  instanceId: string,
  kind: Order['kind'],
): Promise<true | null> {
  const { action, states } = traces[kind];
  const instance = await orGone(cloud.getInstance(caller, instanceId));
  if (instance === null) return kind === 'delete' ? true : null;
  if (states.includes(instance.status)) return true;
  const log = (await orGone(cloud.actionLog(caller, instanceId))) ?? [];
  return log.some((entry) => entry.action === action && entry.requestId === caller.requestId) || null;
}

async function findCreated(cloud: CloudProvider, caller: Caller, name: string): Promise<string | null> {
  const named = (await cloud.listInstances(caller)).filter((instance) => instance.name === name);
  for (const { id } of named) {
    const log = (await orGone(cloud.actionLog(caller, id))) ?? [];
    if (log.at(-1)?.requestId === caller.requestId) return id;
  }
  return null;
}

async function orGone<Value>(reading: Promise<Value>): Promise<Value | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'instance.notFound') return null;
    throw error;
  }
}

/** What an audit record says of an instance that is about to be replaced. */
export function lostWith({ networkInterfaces, image, keyName }: CloudInstance): Record<string, unknown> {
  return { image, keyName, publicIps: networkInterfaces.flatMap(({ publicIp }) => publicIp?.address ?? []) };
}
