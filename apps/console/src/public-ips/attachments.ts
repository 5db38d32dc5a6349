import type { Instance, NetworkInterface, PublicIp } from '@moru/types';
import type { QueryClient } from '@tanstack/react-query';
import { showRow } from '../http/known-row.ts';
import { showInstance } from '../instances/instance-queries.ts';

interface Place {
  instanceId: string;
  nicId: string;
}

/** Shows an address on its interface at once, on the cloud's word that it took the order. */
export function showConnected(queries: QueryClient, { instanceId, nicId }: Place, publicIp: PublicIp): void {
  const { id, address, status } = publicIp;
  showInstance(queries, instanceId, withPublicIp(nicId, { id, address, status }));
  showRow<PublicIp>(queries, ['public-ips'], 'publicIps', id, () => publicIp);
}

/** Shows an interface without its address at once, and the address as idle or, where it was deleted, not at all. */
export function showDisconnected(
  queries: QueryClient,
  { instanceId, nicId }: Place,
  publicIpId: string,
  deleted: boolean,
): void {
  showInstance(queries, instanceId, withPublicIp(nicId, null));
  showRow<PublicIp>(queries, ['public-ips'], 'publicIps', publicIpId, (before) =>
    deleted ? null : { ...before, status: 'available', privateIp: null, attachedTo: null },
  );
}

function withPublicIp(nicId: string, publicIp: NetworkInterface['publicIp']) {
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
