import type { Hosts } from '../hosts/hosts.ts';
import { ApiFailure } from '../http/failure.ts';
import type { Account } from '../iam/accounts.ts';
import { noSuchInstance } from '../instances/instances.ts';
import type { VmState } from '../instances/lifecycle.ts';
import type { Store } from '../store/store.ts';
import { noSuchInterface } from './network-interfaces.ts';

interface InstanceRow {
  vm_state: VmState;
  task_state: string | null;
  availability_zone: string;
  most: number;
}

interface InterfaceRow {
  instance_id: string | null;
  position: number;
  availability_zone: string;
  public_ip: string | null;
}

/**
 * Plugs interfaces into instances and out again (reference/kakaocloud.md B.3, C.7). All methods throw ApiFailure 404
 * for what the project, or the instance, does not have and 409 for what the state forbids.
 */
export class Attachments {
  readonly #store: Store;
  readonly #hosts: Hosts;

  constructor(store: Store, hosts: Hosts) {
    this.#store = store;
    this.#hosts = hosts;
  }

  /** A running host has the interface soon after, one that is stopped when it starts. */
  attach(caller: Account, instanceId: string, nicId: string): void {
    this.#store.transaction(() => {
      const instance = this.#instance(caller, instanceId);
      const nic = this.#interface(caller, nicId);
      if (nic.instance_id !== null)
        throw new ApiFailure(409, 'An instance has this network interface already');
      if (!['active', 'stopped'].includes(instance.vm_state)) {
        throw new ApiFailure(409, `The instance is ${instance.vm_state}: it must be active or stopped`);
      }
      if (nic.availability_zone !== instance.availability_zone) {
        throw new ApiFailure(
          409,
          `The network interface is in ${nic.availability_zone}, the instance is not`,
        );
      }
      const places = this.#store
        .all<{ position: number }>(
          'SELECT position FROM network_interfaces WHERE instance_id = ?',
          instanceId,
        )
        .map(({ position }) => position);
      if (places.length >= instance.most) {
        throw new ApiFailure(409, `The flavor takes ${instance.most} network interfaces, and has them`);
      }
      let position = 1;
      while (places.includes(position)) position += 1;
      this.#place(nicId, instanceId, position);
    });
    this.#hosts.plug(instanceId);
  }

  /**
   * Never the primary one. While the instance runs it is refused: the reference calls stopping it first recommended,
   * and whether the cloud insists is not documented. So is one with a Public IP, whose way would lead nowhere.
   */
  detach(caller: Account, instanceId: string, nicId: string): void {
    this.#store.transaction(() => {
      const instance = this.#instance(caller, instanceId);
      const nic = this.#interface(caller, nicId);
      if (nic.instance_id !== instanceId) throw noSuchInterface(nicId);
      if (nic.position === 0) throw new ApiFailure(409, 'The primary network interface cannot be detached');
      if (instance.vm_state !== 'stopped') throw new ApiFailure(409, 'The instance must be stopped');
      if (nic.public_ip !== null) {
        throw new ApiFailure(409, `The network interface has ${nic.public_ip}: detach that first`);
      }
      this.#place(nicId, null, 0);
    });
  }

  #place(nicId: string, instanceId: string | null, position: number): void {
    this.#store.run(
      `UPDATE network_interfaces SET instance_id = ?, position = ?, goes_with_instance = 0, updated_at = ?
       WHERE id = ?`,
      instanceId,
      position,
      new Date().toISOString(),
      nicId,
    );
  }

  #instance({ projectId }: Account, id: string): InstanceRow {
    const row = this.#store.get<InstanceRow>(
      `SELECT i.vm_state, i.task_state, i.availability_zone,
         json_extract(f.detail, '$.maximum_network_interfaces') AS most
       FROM instances i JOIN flavors f ON f.id = i.flavor_id WHERE i.project_id = ? AND i.id = ?`,
      projectId,
      id,
    );
    if (row === undefined) throw noSuchInstance(id);
    if (row.task_state !== null)
      throw new ApiFailure(409, `The instance is ${row.task_state}: wait until that is done`);
    return row;
  }

  #interface({ projectId }: Account, id: string): InterfaceRow {
    const row = this.#store.get<InterfaceRow>(
      `SELECT n.instance_id, n.position, s.availability_zone, p.address AS public_ip
       FROM network_interfaces n JOIN subnets s ON s.id = n.subnet_id
         LEFT JOIN public_ips p ON p.network_interface_id = n.id
       WHERE n.project_id = ? AND n.id = ?`,
      projectId,
      id,
    );
    if (row === undefined) throw noSuchInterface(id);
    return row;
  }
}
