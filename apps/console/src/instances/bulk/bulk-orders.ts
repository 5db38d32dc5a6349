import { apiPaths, type Instance, type Operation, type PowerOrder, type ReleasePublicIps } from '@moru/types';
import { post } from '../../http/client.ts';

export const bulkOrders = ['start', 'stop', 'hardReboot', 'release'] as const;
export type BulkOrder = (typeof bulkOrders)[number];

/** The action whose role and facts decide, as in 「더 보기」 of one row. */
export const actionOf = {
  start: 'instance.start',
  stop: 'instance.stop',
  hardReboot: 'instance.hardReboot',
  release: 'publicIp.disconnect',
} as const;

/** What of the chosen ones an order is for, and what not, each with its reason. */
export interface Split {
  able: Instance[];
  unable: { instance: Instance; reason: string }[];
}

export function splitBy(chosen: readonly Instance[], reason: (instance: Instance) => string | null): Split {
  const split: Split = { able: [], unable: [] };
  for (const instance of chosen) {
    const why = reason(instance);
    if (why === null) split.able.push(instance);
    else split.unable.push({ instance, reason: why });
  }
  return split;
}

/** Addresses that a release gives back, each where it was seen; one that is on its way there stays. */
export function heldBy(instances: readonly Instance[]) {
  return instances.flatMap(({ name, networkInterfaces }) =>
    networkInterfaces.flatMap(({ id, publicIp }) =>
      publicIp && publicIp.status !== 'attaching'
        ? [{ id: publicIp.id, address: publicIp.address, networkInterfaceId: id, instanceName: name }]
        : [],
    ),
  );
}

/** One operation with an item for each; resolves as soon as it is written down. */
export function send(order: BulkOrder, instances: readonly Instance[]): Promise<Operation> {
  if (order !== 'release') {
    return post(apiPaths.bulkPower(order satisfies PowerOrder), {
      instanceIds: instances.map(({ id }) => id),
    });
  }
  const publicIps = heldBy(instances).map(({ id, networkInterfaceId }) => ({ id, networkInterfaceId }));
  return post(apiPaths.publicIpRelease, { publicIps } satisfies ReleasePublicIps);
}
