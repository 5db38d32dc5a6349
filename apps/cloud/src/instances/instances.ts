import type {
  AvailabilityZone,
  instanceFilters,
  Pagination,
  PowerState,
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
  /** of the host, not of the wire */
  web_server: number;
  created_at: string;
  updated_at: string;
}

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
  select: 'i.*',
  from: 'instances i JOIN flavors f ON f.id = i.flavor_id JOIN images m ON m.id = i.image_id',
  project: 'i.project_id',
  id: 'i.id',
  // States are compared without case: the provider's examples show them in capitals (B.5).
  filters: {
    id: 'i.id = ?',
    name: 'instr(lower(i.name), lower(?)) > 0',
    vm_state: 'i.vm_state = lower(?)',
    flavor_name: 'f.name = ?',
    image_name: 'm.name = ?',
    private_ip: anInterface('n.private_ip = ?'),
    public_ip: anInterface('p.address = ?'),
    availability_zone: 'i.availability_zone = ?',
    instance_type: "lower(?) = 'bm'",
    status: 'i.status = lower(?)',
    user_id: 'i.user_id = ?',
    hostname: 'i.hostname = ?',
    os_type: "json_extract(m.detail, '$.os_type') = lower(?)",
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
    flavor_name: 'f.name',
    image_name: 'm.name',
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
      'SELECT * FROM instances WHERE project_id = ? AND id = ?',
      projectId,
      id,
    );
    const [instance] = this.#wire(rows);
    if (instance === undefined) throw new ApiFailure(404, `There is no instance ${id}`);
    return instance;
  }

  #wire(rows: InstanceRow[]): StrictInstance[] {
    const flavors = this.#catalogue<StrictInstance['flavor']>('SELECT id, detail FROM flavors');
    const images = this.#catalogue<StrictInstance['image']>('SELECT id, detail FROM images');
    const addresses = this.#addresses(rows.map((row) => row.id));
    return rows.map(({ flavor_id, image_id, web_server: _, ...row }) => ({
      ...row,
      instance_type: 'bm',
      flavor: found(flavors, flavor_id),
      image: found(images, image_id),
      addresses: (addresses.get(row.id) ?? []).map(({ instance_id: _, ...address }) => address),
      attached_volumes: [],
      attached_volume_count: 0,
      security_groups: [],
      security_group_count: 0,
      is_hyper_threading: true,
      is_hadoop: false,
      is_k8se: false,
    }));
  }

  /** A handful of rows, read once per answer rather than once per instance. */
  #catalogue<Detail>(sql: string): Map<string, Detail> {
    const rows = this.#store.all<{ id: string; detail: string }>(sql);
    return new Map(rows.map((row) => [row.id, JSON.parse(row.detail) as Detail]));
  }

  #addresses(instanceIds: string[]): Map<string, AddressRow[]> {
    const rows = this.#store.all<AddressRow>(
      `SELECT n.instance_id, n.id AS network_interface_id, n.private_ip, p.address AS public_ip
       FROM network_interfaces n LEFT JOIN public_ips p ON p.network_interface_id = n.id
       WHERE n.instance_id IN (SELECT value FROM json_each(?))
       ORDER BY n.instance_id, n.position`,
      JSON.stringify(instanceIds),
    );
    return Map.groupBy(rows, (row) => row.instance_id);
  }
}

function found<Value>(map: Map<string, Value>, id: string): Value {
  const value = map.get(id);
  if (value === undefined) throw new Error(`the catalogue has no ${id}`);
  return value;
}
