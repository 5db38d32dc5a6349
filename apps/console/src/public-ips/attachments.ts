import type { Instance, PublicIp } from '@moru/types';
import type { QueryClient } from '@tanstack/react-query';
import { showRow } from '../http/known-row.ts';
import { showInstance } from '../instances/instance-queries.ts';

interface Interface {
  instance: Pick<Instance, 'id'>;
  nicId: string;
}

/** Shows an address on its interface at once, on the cloud's word that it took the order. */
export function showConnected(
  queries: QueryClient,
  { instance, nicId }: Interface,
  publicIp: PublicIp,
): void {
  const { id, address, status } = publicIp;
  showInstance(queries, instance.id, withPublicIp(nicId, { id, address, status }));
  showRow<PublicIp>(queries, ['public-ips'], 'publicIps', id, () => publicIp);
}

/** Shows an interface without its address at once, and the address as idle or, where it was deleted, not at all. */
export function showDisconnected(
  queries: QueryClient,
  { instance, nicId }: Interface,
  publicIpId: string,
  deleted: boolean,
): void {
  showInstance(queries, instance.id, withPublicIp(nicId, null));
  showRow<PublicIp>(queries, ['public-ips'], 'publicIps', publicIpId, (before) =>
    deleted ? null : { ...before, status: 'available', privateIp: null, attachedTo: null },
  );
}

function withPublicIp(nicId: string, publicIp: Instance['networkInterfaces'][number]['publicIp']) {
  return (instance: Instance): Instance => ({
    ...instance,
    networkInterfaces: instance.networkInterfaces.map((nic) =>
      nic.id === nicId ? { ...nic, publicIp } : nic,
    ),
  });
}

/** Everything that shows addresses is read again. */
export function rereadPublicIps(queries: QueryClient, instanceId: string): Promise<unknown> {
  return Promise.all([
    queries.invalidateQueries({ queryKey: ['instances'] }),
    queries.invalidateQueries({ queryKey: ['instance', instanceId] }),
    queries.invalidateQueries({ queryKey: ['public-ips'] }),
  ]);
}
