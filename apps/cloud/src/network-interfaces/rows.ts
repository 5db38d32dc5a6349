import { randomUUID } from 'node:crypto';
import { ApiFailure } from '../http/failure.ts';
import type { Store } from '../store/store.ts';
import { freshMac } from './addresses.ts';

export interface NewInterface {
  projectId: string;
  name: string;
  description: string;
  subnetId: string;
  privateIp: string;
  /** null: made on its own, and stays when an instance that had it is gone */
  instance: { id: string; position: number } | null;
}

/** The id of a network interface that is in the store from now on. */
export function insertInterface(store: Store, nic: NewInterface): string {
  const id = randomUUID();
  const now = new Date().toISOString();
  store.run(
    `INSERT INTO network_interfaces (id, project_id, instance_id, position, goes_with_instance, name, description,
       subnet_id, mac_address, private_ip, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    nic.projectId,
    nic.instance?.id ?? null,
    nic.instance?.position ?? 0,
    nic.instance ? 1 : 0,
    nic.name,
    nic.description,
    nic.subnetId,
    freshMac(store),
    nic.privateIp,
    now,
    now,
  );
  return id;
}

/** Marks as changed just now. */
export function touchInterface(store: Store, id: string): void {
  store.run('UPDATE network_interfaces SET updated_at = ? WHERE id = ?', new Date().toISOString(), id);
}

/** Gives the interface these security groups and no others. */
export function setGroups(store: Store, nicId: string, groupIds: string[]): void {
  store.run('DELETE FROM interface_groups WHERE network_interface_id = ?', nicId);
  for (const groupId of new Set(groupIds)) {
    store.run('INSERT INTO interface_groups (network_interface_id, group_id) VALUES (?, ?)', nicId, groupId);
  }
}

/** @throws ApiFailure 400 for an id that is none of the project's groups */
export function requireGroups(store: Store, projectId: string, groupIds: string[], field: string): void {
  for (const [index, id] of groupIds.entries()) {
    const group = store.get('SELECT 1 FROM security_groups WHERE project_id = ? AND id = ?', projectId, id);
    if (group === undefined) throw new ApiFailure(400, `${field}.${index}: there is no security group ${id}`);
  }
}

/** Ids of the interface's security groups, in the order of their names. */
export function groupIdsOf(store: Store, nicId: string): string[] {
  const rows = store.all<{ id: string }>(
    `SELECT g.id FROM interface_groups ig JOIN security_groups g ON g.id = ig.group_id
     WHERE ig.network_interface_id = ? ORDER BY g.name`,
    nicId,
  );
  return rows.map(({ id }) => id);
}
