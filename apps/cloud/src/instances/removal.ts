import type { Store } from '../store/store.ts';

/**
 * Takes an instance out of the store, inside a transaction. Its Public IPs stay, idle and billed, as the guide warns.
 * Interfaces that were made with it go; one that was made on its own stays, free for another. (What becomes of either
 * is not documented.)
 */
export function removeInstance(store: Store, id: string): void {
  const now = new Date().toISOString();
  store.run(
    `UPDATE public_ips SET status = 'available', network_interface_id = NULL, attaching_until = NULL, updated_at = ?
     WHERE network_interface_id IN (SELECT id FROM network_interfaces WHERE instance_id = ?)`,
    now,
    id,
  );
  store.run('DELETE FROM network_interfaces WHERE instance_id = ? AND goes_with_instance = 1', id);
  store.run(
    'UPDATE network_interfaces SET instance_id = NULL, position = 0, updated_at = ? WHERE instance_id = ?',
    now,
    id,
  );
  store.run("DELETE FROM routes WHERE target_type = 'instance' AND target_id = ?", id);
  store.run('DELETE FROM instances WHERE id = ?', id);
}
