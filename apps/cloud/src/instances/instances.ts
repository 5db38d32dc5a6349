import type {
  AvailabilityZone,
  instanceFilters,
  Pagination,
  PowerState,
  StrictChangedInstance,
  StrictInstance,
} from '@moru/kakaocloud';
import { ApiFailure } from '../http/failure.ts';
import { type Listing, listPage } from '../store/lists.ts';
import type { Store } from '../store/store.ts';

interface InstanceRow {
  id: string;
  project_id: string;
  user_id: string;
  name: string;
  description: string;
  hostname: string;
  key_name: string | null;
  status: string;
  vm_state: string;
  task_state: string | null;
  power_state: PowerState;
  availability_zone: AvailabilityZone;
  flavor_id: string;
  image_id: string;
  is_hyper_threading: number;
  created_at: string;
  updated_at: string;
}

interface GroupRow {
  instance_id: string;
  id: string;
  name: string;
}

/** Without what belongs to the host behind, or to a task. */
const columns = `i.id, i.project_id, i.user_id, i.name, i.description, i.hostname, i.key_name, i.status, i.vm_state,
  i.task_state, i.power_state, i.availability_zone, i.flavor_id, i.image_id, i.is_hyper_threading, i.created_at,
  i.updated_at`;

interface AddressRow {
  instance_id: string;
  network_interface_id: string;
  private_ip: string;
  public_ip: string | null;
}

const anInterface = (condition: string) =>
  `EXISTS (SELECT 1 FROM network_interfaces n LEFT JOIN public_ips p ON p.network_interface_id = n.id
    WHERE n.instance_id = i.id AND ${condition})`;

const flag = "lower(?) = 'false'";

const listing: Listing<(typeof instanceFilters)[number]> = {
  select: columns,
  from: 'instances i',
  project: 'i.project_id',
  id: 'i.id',
  // States are compared without case: the provider's examples show them in capitals (B.5).
  filters: {
    id: 'i.id = ?',
    name: 'instr(lower(i.name), lower(?)) > 0',
    vm_state: 'i.vm_state = lower(?)',
    flavor_name: 'i.flavor_id IN (SELECT id FROM flavors WHERE name = ?)',
    image_name: 'i.image_id IN (SELECT id FROM images WHERE name = ?)',
    private_ip: anInterface('n.private_ip = ?'),
    public_ip: anInterface('p.address = ?'),
    availability_zone: 'i.availability_zone = ?',
    instance_type: "lower(?) = 'bm'",
    status: 'i.status = lower(?)',
    user_id: 'i.user_id = ?',
    hostname: 'i.hostname = ?',
    os_type: "i.image_id IN (SELECT id FROM images WHERE json_extract(detail, '$.os_type') = lower(?))",
    is_hadoop: flag,
    is_k8se: flag,
    created_at: 'i.created_at = ?',
    updated_at: 'i.updated_at = ?',
  },
  sorts: {
    id: 'i.id',
    name: 'i.name COLLATE NOCASE',
    status: 'i.status',
    vm_state: 'i.vm_state',
    flavor_name: '(SELECT name FROM flavors WHERE id = i.flavor_id)',
    image_name: '(SELECT name FROM images WHERE id = i.image_id)',
    availability_zone: 'i.availability_zone',
    hostname: 'i.hostname',
    created_at: 'i.created_at',
    updated_at: 'i.updated_at',
  },
};

/** The instances of a project in their wire form (reference/kakaocloud.md C.4). All of them are bare metal. */
export class Instances {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  list(
    projectId: string,
    query: Record<string, unknown>,
  ): { instances: StrictInstance[]; pagination: Pagination } {
    const { rows, pagination } = listPage<InstanceRow>(this.#store, listing, projectId, query);
    return { instances: this.#wire(rows), pagination };
  }

  /** @throws ApiFailure 404 */
  get(projectId: string, id: string): StrictInstance {
    const rows = this.#store.all<InstanceRow>(
      `SELECT ${columns} FROM instances i WHERE project_id = ? AND id = ?`,
      projectId,
      id,
    );
    const [instance] = this.#wire(rows);
    if (instance === undefined) throw noSuchInstance(id);
    return instance;
  }

  /** The form that changing answers: Nova's, as the SDK expects it. */
  changed(projectId: string, id: string): StrictChangedInstance {
    const instance = this.get(projectId, id);
    const { flavor } = instance;
    return {
      id: instance.id,
      name: instance.name,
      project_id: instance.project_id,
      user_id: instance.user_id ?? '',
      metadata: {},
      flavor: {
        vcpus: flavor.vcpus ?? 0,
        ram: flavor.memory_mb ?? 0,
        disk: flavor.root_gb ?? 0,
        original_name: flavor.name ?? '',
      },
      created_at: instance.created_at,
      updated_at: instance.updated_at,
      addresses: instance.addresses.map(textsOf),
      availability_zone: instance.availability_zone,
      key_name: instance.key_name,
      terminated_at: null,
      security_groups: instance.security_groups.map(({ name }) => ({ name: name ?? '' })),
      task_state: instance.task_state,
      vm_state: instance.vm_state,
      power_state: instance.power_state,
      attached_volumes: [],
      description: instance.description ?? '',
      hostname: instance.hostname ?? '',
    };
  }

  #wire(rows: InstanceRow[]): StrictInstance[] {
    const flavors = this.#catalogue<StrictInstance['flavor']>('SELECT id, detail FROM flavors');
    const images = this.#catalogue<StrictInstance['image']>('SELECT id, detail FROM images');
    const ids = JSON.stringify(rows.map((row) => row.id));
    const addresses = this.#addresses(ids);
    const groups = this.#groups(ids);
    return rows.map((row) => {
      const held = (groups.get(row.id) ?? []).map(({ id, name }) => ({ id, name }));
      // Field by field: spreading the rows that SQLite gives takes longer than reading them.
      return {
        id: row.id,
        name: row.name,
        description: row.description,
        user_id: row.user_id,
        project_id: row.project_id,
        key_name: row.key_name,
        hostname: row.hostname,
        instance_type: 'bm',
        vm_state: row.vm_state,
        task_state: row.task_state,
        power_state: row.power_state,
        status: row.status,
        availability_zone: row.availability_zone,
        flavor: found(flavors, row.flavor_id),
        image: found(images, row.image_id),
        addresses: (addresses.get(row.id) ?? []).map(({ private_ip, public_ip, network_interface_id }) => ({
          private_ip,
          public_ip,
          network_interface_id,
        })),
        attached_volumes: [],
        attached_volume_count: 0,
        security_groups: held,
        security_group_count: held.length,
        is_hyper_threading: row.is_hyper_threading === 1,
        is_hadoop: false,
        is_k8se: false,
        metadata: {},
        created_at: row.created_at,
        updated_at: row.updated_at,
      };
    });
  }

  /** A handful of rows, read once per answer rather than once per instance. */
  #catalogue<Detail>(sql: string): Map<string, Detail> {
    const rows = this.#store.all<{ id: string; detail: string }>(sql);
    return new Map(rows.map((row) => [row.id, JSON.parse(row.detail) as Detail]));
  }

  #addresses(instanceIds: string): Map<string, AddressRow[]> {
    const rows = this.#store.all<AddressRow>(
      `SELECT n.instance_id, n.id AS network_interface_id, n.private_ip, p.address AS public_ip
       FROM network_interfaces n LEFT JOIN public_ips p ON p.network_interface_id = n.id
       WHERE n.instance_id IN (SELECT value FROM json_each(?))
       ORDER BY n.instance_id, n.position`,
      instanceIds,
    );
    return Map.groupBy(rows, (row) => row.instance_id);
  }

  /** The security groups of all of an instance's interfaces, each once. */
  #groups(instanceIds: string): Map<string, GroupRow[]> {
    const rows = this.#store.all<GroupRow>(
      `SELECT DISTINCT n.instance_id, g.id, g.name
       FROM interface_groups ig JOIN network_interfaces n ON n.id = ig.network_interface_id
         JOIN security_groups g ON g.id = ig.group_id
       WHERE n.instance_id IN (SELECT value FROM json_each(?))
       ORDER BY n.instance_id, g.name`,
      instanceIds,
    );
    return Map.groupBy(rows, (row) => row.instance_id);
  }
}

export function noSuchInstance(id: string): ApiFailure {
  return new ApiFailure(404, `There is no instance ${id}`);
}

/** Only what is there: the SDK reads these addresses as texts. */
function textsOf(address: StrictInstance['addresses'][number]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(address).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  );
}

function found<Value>(map: Map<string, Value>, id: string): Value {
  const value = map.get(id);
  if (value === undefined) throw new Error(`the catalogue has no ${id}`);
  return value;
}
