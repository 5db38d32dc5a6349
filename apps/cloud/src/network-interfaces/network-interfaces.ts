import type { networkInterfaceFilters, Pagination, StrictNetworkInterface } from '@moru/kakaocloud';
import { ApiFailure } from '../http/failure.ts';
import type { Account } from '../iam/accounts.ts';
import { type Listing, listPage } from '../store/lists.ts';
import type { Store } from '../store/store.ts';

interface NetworkInterfaceRow {
  id: string;
  project_id: string;
  instance_id: string | null;
  name: string;
  description: string;
  subnet_id: string;
  vpc_id: string;
  availability_zone: string;
  mac_address: string;
  private_ip: string;
  public_ip: string | null;
  address_pairs: string;
  /** JSON: the security groups, by name */
  groups: string;
  created_at: string;
  updated_at: string;
}

const status = "iif(n.instance_id IS NULL, 'available', 'in_use')";
const deviceOwner = "'compute:' || s.availability_zone";

const inGroup = (condition: string) =>
  `EXISTS (SELECT 1 FROM interface_groups ig JOIN security_groups g ON g.id = ig.group_id
    WHERE ig.network_interface_id = n.id AND ${condition})`;

const listing: Listing<(typeof networkInterfaceFilters)[number]> = {
  select: `n.*, s.vpc_id, s.availability_zone, p.address AS public_ip,
    (SELECT json_group_array(json_object('id', g.id, 'name', g.name) ORDER BY g.name)
     FROM interface_groups ig JOIN security_groups g ON g.id = ig.group_id
     WHERE ig.network_interface_id = n.id) AS groups`,
  from: `network_interfaces n JOIN subnets s ON s.id = n.subnet_id
    LEFT JOIN public_ips p ON p.network_interface_id = n.id`,
  table: 'network_interfaces n',
  project: 'n.project_id',
  id: 'n.id',
  filters: {
    id: 'n.id = ?',
    name: 'instr(lower(n.name), lower(?)) > 0',
    status: `${status} = lower(?)`,
    private_ip: 'n.private_ip = ?',
    public_ip: 'p.address = ?',
    device_id: 'n.instance_id = ?',
    device_owner: `${deviceOwner} = ?`,
    subnet_id: 'n.subnet_id = ?',
    mac_address: 'n.mac_address = lower(?)',
    security_group_id: inGroup('g.id = ?'),
    security_group_name: inGroup('g.name = ?'),
    created_at: 'n.created_at = ?',
    updated_at: 'n.updated_at = ?',
  },
  sorts: {
    id: 'n.id',
    name: 'n.name COLLATE NOCASE',
    status,
    private_ip: 'n.private_ip',
    public_ip: 'p.address',
    created_at: 'n.created_at',
    updated_at: 'n.updated_at',
  },
};

/** Network interfaces of a project in their wire form, the same in BCS and VPC (reference/kakaocloud.md C.5). */
export class NetworkInterfaces {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  list(
    caller: Account,
    query: Record<string, unknown>,
  ): { network_interfaces: StrictNetworkInterface[]; pagination: Pagination } {
    const page = listPage<NetworkInterfaceRow>(this.#store, listing, caller.projectId, query);
    const nics = page.rows.map((row) => wire(row, caller.projectName));
    return { network_interfaces: nics, pagination: page.pagination };
  }

  /** Those of one instance, the primary one first. */
  ofInstance(caller: Account, instanceId: string): StrictNetworkInterface[] {
    return this.#select(caller, 'n.instance_id = ? ORDER BY n.position', instanceId);
  }

  /** @throws ApiFailure 404 */
  get(caller: Account, id: string): StrictNetworkInterface {
    const [nic] = this.#select(caller, 'n.id = ?', id);
    if (nic === undefined) throw noSuchInterface(id);
    return nic;
  }

  /**
   * The id, once it is known that the project has such an interface, and that the instance has it where one is given.
   *
   * @throws ApiFailure 404
   */
  idOf(projectId: string, id: string, instanceId?: string): string {
    const row = this.#store.get<{ instance_id: string | null }>(
      'SELECT instance_id FROM network_interfaces WHERE project_id = ? AND id = ?',
      projectId,
      id,
    );
    if (row === undefined || (instanceId !== undefined && row.instance_id !== instanceId)) {
      throw noSuchInterface(id);
    }
    return id;
  }

  #select(caller: Account, condition: string, value: string): StrictNetworkInterface[] {
    const rows = this.#store.all<NetworkInterfaceRow>(
      `SELECT ${listing.select} FROM ${listing.from} WHERE n.project_id = ? AND ${condition}`,
      caller.projectId,
      value,
    );
    return rows.map((row) => wire(row, caller.projectName));
  }
}

export function noSuchInterface(id: string): ApiFailure {
  return new ApiFailure(404, `There is no network interface ${id} here`);
}

function wire(row: NetworkInterfaceRow, projectName: string): StrictNetworkInterface {
  return {
    id: row.id,
    name: row.name,
    status: row.instance_id === null ? 'available' : 'in_use',
    description: row.description,
    project_id: row.project_id,
    project_name: projectName,
    vpc_id: row.vpc_id,
    subnet_id: row.subnet_id,
    mac_address: row.mac_address,
    device_id: row.instance_id,
    device_owner: row.instance_id === null ? null : `compute:${row.availability_zone}`,
    private_ip: row.private_ip,
    secondary_ips: [],
    public_ip: row.public_ip,
    // Rules of groups do not apply to bare metal (A.3).
    is_network_interface_security_enabled: false,
    allowed_address_pairs: JSON.parse(row.address_pairs) as StrictNetworkInterface['allowed_address_pairs'],
    security_groups: JSON.parse(row.groups) as StrictNetworkInterface['security_groups'],
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
