import { randomUUID } from 'node:crypto';
import type { CreateInstance } from '@moru/kakaocloud';
import type { KeyPairs } from '../key-pairs/key-pairs.ts';
import { insertInterface, setGroups } from '../network-interfaces/rows.ts';
import type { Store } from '../store/store.ts';
import type { ActionLogs } from './action-logs.ts';
import type { Capacity } from './capacity.ts';
import { freeHostname } from './hostnames.ts';
import type { Call } from './operations.ts';
import type { Tasks } from './tasks.ts';
import { badInput, privateIpFor, readGroups, readPlace, type WantedPlace } from './wanted.ts';

interface FlavorRow {
  most: number;
}

interface NewInstance {
  name: string;
  authorizedKey: string | null;
  groups: string[];
  place: WantedPlace;
}

export interface CreationParts {
  store: Store;
  tasks: Tasks;
  actionLogs: ActionLogs;
  keyPairs: KeyPairs;
  capacity: Capacity;
}

/** Makes instances (reference/kakaocloud.md A.7, C.4). */
export class Creation {
  readonly #parts: CreationParts;

  constructor(parts: CreationParts) {
    this.#parts = parts;
  }

  /**
   * The id of the instance, of the first one when there are several: the answer has room for one. What goes on after
   * this has returned is the host's first boot. Scripts of users (`user_data`) are kept and not run: no cloud-init
   * stands behind these hosts.
   *
   * @throws ApiFailure 400 for what the body names and is not there, 409 for what cannot be had now
   */
  create(call: Call, wanted: CreateInstance): string {
    const { store, tasks } = this.#parts;
    const ids = store.transaction(() => this.#createAll(call, wanted));
    for (const id of ids) tasks.follow(id);
    const [first] = ids;
    if (first === undefined) throw new Error('nothing was made');
    return first;
  }

  #createAll(call: Call, wanted: CreateInstance): string[] {
    const { store, capacity, keyPairs } = this.#parts;
    const { caller } = call;
    const { count = 1, key_name } = wanted;
    if ((wanted.volumes ?? []).length > 0) throw badInput('volumes', 'bare metal takes none');
    this.#requireImage(wanted.image_id);
    const flavor = this.#flavor(wanted.flavor_id);
    if (wanted.subnets.length > flavor.most) {
      throw badInput('subnets', `the flavor takes ${flavor.most} network interfaces`);
    }
    const groups = readGroups(store, caller, wanted);
    const key = key_name == null ? null : keyPairs.named(caller, key_name, 'instance.key_name');
    capacity.require(caller.projectId, count);
    return namesOf(wanted.name, count).map((name) =>
      // Read anew for each: the one before has taken its addresses.
      this.#createOne(call, wanted, {
        name,
        authorizedKey: key?.public_key ?? null,
        groups,
        place: readPlace(store, caller, wanted),
      }),
    );
  }

  #createOne({ caller, requestId }: Call, wanted: CreateInstance, fresh: NewInstance): string {
    const { store, tasks, actionLogs } = this.#parts;
    const id = randomUUID();
    const now = new Date().toISOString();
    store.run(
      `INSERT INTO instances (id, project_id, user_id, name, description, hostname, key_name, authorized_key, user_data,
         is_bonding, is_hyper_threading, status, vm_state, task_state, power_state, availability_zone, flavor_id, image_id,
         web_server, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'building', 'building', NULL, 'NOSTATE', ?, ?, ?, 0, ?, ?)`,
      id,
      caller.projectId,
      caller.userId,
      fresh.name,
      wanted.description ?? '',
      freeHostname(store, fresh.name),
      wanted.key_name ?? null,
      fresh.authorizedKey,
      wanted.user_data ?? null,
      wanted.is_bonding ? 1 : 0,
      wanted.is_disable_hyper_threading ? 0 : 1,
      fresh.place.zone,
      wanted.flavor_id,
      wanted.image_id,
      now,
      now,
    );
    this.#plug(caller.projectId, id, fresh);
    tasks.begin(id, 'create', actionLogs.begin(id, 'create', { userId: caller.userId, requestId }));
    return id;
  }

  #plug(projectId: string, instanceId: string, { name, groups, place }: NewInstance): void {
    const { store } = this.#parts;
    for (const [position, nic] of place.interfaces.entries()) {
      if ('id' in nic) {
        store.run(
          'UPDATE network_interfaces SET instance_id = ?, position = ?, updated_at = ? WHERE id = ?',
          instanceId,
          position,
          new Date().toISOString(),
          nic.id,
        );
        continue;
      }
      const nicId = insertInterface(store, {
        projectId,
        name: `${name}-eth${position}`,
        description: '',
        subnetId: nic.subnet.id,
        privateIp: privateIpFor(store, nic),
        instance: { id: instanceId, position },
      });
      setGroups(store, nicId, groups);
    }
  }

  #requireImage(id: string): void {
    if (this.#parts.store.get('SELECT 1 FROM images WHERE id = ?', id) === undefined) {
      throw badInput('image_id', `there is no image ${id} for bare metal`);
    }
  }

  #flavor(id: string): FlavorRow {
    const row = this.#parts.store.get<FlavorRow>(
      "SELECT json_extract(detail, '$.maximum_network_interfaces') AS most FROM flavors WHERE id = ?",
      id,
    );
    if (row === undefined) throw badInput('flavor_id', `there is no flavor ${id}`);
    return row;
  }
}

/** `web` is `web` alone, and `web-1`, `web-2` … when there are several, as Nova names them. */
function namesOf(name: string, count: number): string[] {
  if (count === 1) return [name];
  const names = Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
  if ((names.at(-1)?.length ?? 0) > 63) throw badInput('name', 'is too long to be numbered');
  return names;
}
