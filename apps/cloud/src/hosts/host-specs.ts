import type { HostName, HostNic, HostSpec } from '@moru/hosts';
import type { Store } from '../store/store.ts';

interface HostRow extends HostName {
  web_server: number;
  authorized_key: string | null;
  backend: HostSpec['backend'];
  admin_user: string;
}

interface NicRow extends Omit<HostNic, 'prefix' | 'device'> {
  position: number;
  cidr: string;
}

/** What stands behind an instance, or undefined when there is none of that id. */
export function hostSpec(store: Store, id: string): HostSpec | undefined {
  const row = store.get<HostRow>(
    `SELECT i.id, i.hostname, i.web_server, i.authorized_key, m.backend,
       json_extract(m.detail, '$.os_admin') AS admin_user
     FROM instances i JOIN images m ON m.id = i.image_id WHERE i.id = ?`,
    id,
  );
  if (row === undefined) return undefined;
  return {
    id: row.id,
    hostname: row.hostname,
    backend: row.backend,
    nics: nicsOf(store, row.id),
    webServer: row.web_server === 1,
    adminUser: row.admin_user,
    authorizedKeys: row.authorized_key === null ? [] : [row.authorized_key],
  };
}

function nicsOf(store: Store, instanceId: string): HostNic[] {
  const rows = store.all<NicRow>(
    `SELECT n.id, n.mac_address AS mac, n.private_ip AS address, n.position, s.cidr_block AS cidr, s.gateway, s.network
     FROM network_interfaces n JOIN subnets s ON s.id = n.subnet_id
     WHERE n.instance_id = ? ORDER BY n.position`,
    instanceId,
  );
  return rows.map(({ cidr, position, ...nic }) => ({
    ...nic,
    device: `eth${position}`,
    prefix: Number(cidr.split('/')[1]),
  }));
}

/** Ids of the instances whose hosts are to run, oldest first, while nothing is being done to them. */
export function runningInstances(store: Store): string[] {
  const rows = store.all<{ id: string }>(
    "SELECT id FROM instances WHERE vm_state = 'active' AND task IS NULL ORDER BY created_at, id",
  );
  return rows.map(({ id }) => id);
}

/** Whether the host is to run now and nothing is being done to it. */
export function isRunning(store: Store, id: string): boolean {
  const row = store.get("SELECT 1 FROM instances WHERE id = ? AND vm_state = 'active' AND task IS NULL", id);
  return row !== undefined;
}
