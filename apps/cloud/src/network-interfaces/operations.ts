import type { CreateNetworkInterface, UpdateNetworkInterface } from '@moru/kakaocloud';
import { ApiFailure } from '../http/failure.ts';
import type { Account } from '../iam/accounts.ts';
import type { Store } from '../store/store.ts';
import { freeAddress, type SubnetBlock } from './addresses.ts';
import type { NetworkInterfaces } from './network-interfaces.ts';
import { groupIdsOf, insertInterface, requireGroups, setGroups, touchInterface } from './rows.ts';

/**
 * What may be done with a network interface on its own (reference/kakaocloud.md C.5, C.7). All methods throw ApiFailure
 * 404 for what the project does not have.
 */
export class InterfaceOperations {
  readonly #store: Store;
  readonly #interfaces: NetworkInterfaces;

  constructor(store: Store, interfaces: NetworkInterfaces) {
    this.#store = store;
    this.#interfaces = interfaces;
  }

  /**
   * The id of a new one, which no instance has.
   *
   * @throws ApiFailure 400 for a body that names what is not there, 409 for an address that cannot be had
   */
  create({ projectId }: Account, wanted: CreateNetworkInterface): string {
    return this.#store.transaction(() => {
      const subnet = this.#store.get<SubnetBlock>(
        'SELECT id, cidr_block FROM subnets WHERE project_id = ? AND id = ?',
        projectId,
        wanted.subnet_id,
      );
      if (subnet === undefined) {
        throw new ApiFailure(400, `network_interface.subnet_id: there is no subnet ${wanted.subnet_id}`);
      }
      requireGroups(this.#store, projectId, wanted.security_groups, 'network_interface.security_groups');
      const id = insertInterface(this.#store, {
        projectId,
        name: wanted.name,
        description: wanted.description ?? '',
        subnetId: subnet.id,
        privateIp: freeAddress(this.#store, subnet, wanted.private_ip, 'network_interface.private_ip'),
        instance: null,
      });
      setGroups(this.#store, id, wanted.security_groups);
      return id;
    });
  }

  /** @throws ApiFailure 400 for a security group that is not there */
  update({ projectId }: Account, id: string, change: UpdateNetworkInterface): void {
    this.#store.transaction(() => {
      this.#interfaces.idOf(projectId, id);
      const { name, description, security_groups: groups } = change;
      if (groups != null) {
        requireGroups(this.#store, projectId, groups, 'network_interface.security_groups');
        setGroups(this.#store, id, groups);
      }
      if (name != null) this.#store.run('UPDATE network_interfaces SET name = ? WHERE id = ?', name, id);
      if (description !== undefined) {
        this.#store.run('UPDATE network_interfaces SET description = ? WHERE id = ?', description ?? '', id);
      }
      touchInterface(this.#store, id);
    });
  }

  /** @throws ApiFailure 409 while an instance has it (C.7: delete only when `available`) */
  remove(caller: Account, id: string): void {
    if (this.#interfaces.get(caller, id).status !== 'available') {
      throw new ApiFailure(409, 'A network interface that an instance has cannot be deleted');
    }
    this.#store.run('DELETE FROM network_interfaces WHERE id = ?', id);
  }

  /** The whole list; without a MAC address of its own a pair has the interface's. */
  setAddressPairs(
    caller: Account,
    id: string,
    pairs: { ip_address: string; mac_address?: string | undefined }[],
  ): void {
    const nic = this.#interfaces.get(caller, id);
    const whole = pairs.map(({ ip_address, mac_address = nic.mac_address }) => ({
      mac_address: mac_address.toLowerCase(),
      ip_address,
    }));
    this.#store.run(
      'UPDATE network_interfaces SET address_pairs = ?, updated_at = ? WHERE id = ?',
      JSON.stringify(whole),
      new Date().toISOString(),
      id,
    );
  }

  /**
   * The ids of its groups afterwards. Bare metal shows its groups and is not filtered by them (A.3).
   *
   * @throws ApiFailure 409 when it has the group already
   */
  addGroup({ projectId }: Account, nicId: string, groupId: string): string[] {
    return this.#store.transaction(() => {
      this.#requireGroup(projectId, groupId);
      const held = groupIdsOf(this.#store, nicId);
      if (held.includes(groupId))
        throw new ApiFailure(409, 'The network interface has this security group already');
      setGroups(this.#store, nicId, [...held, groupId]);
      touchInterface(this.#store, nicId);
      return groupIdsOf(this.#store, nicId);
    });
  }

  /** The ids of its groups afterwards. */
  removeGroup({ projectId }: Account, nicId: string, groupId: string): string[] {
    return this.#store.transaction(() => {
      this.#requireGroup(projectId, groupId);
      const held = groupIdsOf(this.#store, nicId);
      if (!held.includes(groupId)) {
        throw new ApiFailure(404, `The network interface does not have the security group ${groupId}`);
      }
      setGroups(
        this.#store,
        nicId,
        held.filter((id) => id !== groupId),
      );
      touchInterface(this.#store, nicId);
      return groupIdsOf(this.#store, nicId);
    });
  }

  #requireGroup(projectId: string, groupId: string): void {
    const group = this.#store.get(
      'SELECT 1 FROM security_groups WHERE project_id = ? AND id = ?',
      projectId,
      groupId,
    );
    if (group === undefined) throw new ApiFailure(404, `There is no security group ${groupId}`);
  }
}
