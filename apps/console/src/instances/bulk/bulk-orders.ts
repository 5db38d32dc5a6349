import { apiPaths, type Instance, type Operation, type PowerOrder } from '@moru/types';
import { post } from '../../http/client.ts';
import { beginRelease } from '../../public-ips/release-requests.ts';

export const bulkOrders = ['start', 'stop', 'hardReboot', 'release'] as const;
export type BulkOrder = (typeof bulkOrders)[number];

/** The action whose role and facts decide, as in 「더 보기」 of one row. */
export const actionOf = {
  start: 'instance.start',
  stop: 'instance.stop',
  hardReboot: 'instance.hardReboot',
  release: 'publicIp.disconnect',
} as const;

/** What of the chosen rows an order is for, and what not, each with its reason. */
export interface Split<Row> {
  able: Row[];
  unable: { row: Row; reason: string }[];
}

export function splitBy<Row>(chosen: readonly Row[], reason: (row: Row) => string | null): Split<Row> {
  const split: Split<Row> = { able: [], unable: [] };
  for (const row of chosen) {
    const why = reason(row);
    if (why === null) split.able.push(row);
    else split.unable.push({ row, reason: why });
  }
  return split;
}

/** Why an order is for none of the chosen: their one reason, or `various`. Null where it is for some. */
export function closedFor({ able, unable }: Split<unknown>, various: string): string | null {
  if (able.length > 0) return null;
  const reasons = [...new Set(unable.map(({ reason }) => reason))];
  return reasons.length > 1 ? various : (reasons[0] ?? null);
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
  return beginRelease(heldBy(instances));
}
