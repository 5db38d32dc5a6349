import type {
  AvailabilityZone,
  Pagination,
  StrictSubnet,
  StrictVpc,
  subnetFilters,
  vpcFilters,
} from '@moru/kakaocloud';
import { ApiFailure } from '../http/failure.ts';
import type { Account } from '../iam/accounts.ts';
import { type Listing, listPage } from '../store/lists.ts';
import type { Store } from '../store/store.ts';

interface VpcRow {
  id: string;
  project_id: string;
  name: string;
  description: string;
  cidr_block: string;
  is_default: number;
  internet_gateway_id: string | null;
  route_table_id: string;
  route_table_name: string;
  created_at: string;
  updated_at: string;
}

interface SubnetRow {
  id: string;
  project_id: string;
  vpc_id: string;
  name: string;
  availability_zone: AvailabilityZone;
  cidr_block: string;
  created_at: string;
  updated_at: string;
  vpc_name: string;
  route_table_id: string;
  route_table_name: string;
}

// Networks are made and changed at once: nothing of them is ever under way.
const active = "lower(?) = 'active'";
const flag = (column: string) => `iif(${column}, 'true', 'false') = lower(?)`;

const vpcs: Listing<(typeof vpcFilters)[number]> = {
  select: 'v.*, r.name AS route_table_name',
  from: 'vpcs v JOIN route_tables r ON r.id = v.route_table_id',
  project: 'v.project_id',
  id: 'v.id',
  filters: {
    id: 'v.id = ?',
    name: 'instr(lower(v.name), lower(?)) > 0',
    cidr_block: 'v.cidr_block = ?',
    provisioning_status: active,
    is_default: flag('v.is_default'),
    created_at: 'v.created_at = ?',
    updated_at: 'v.updated_at = ?',
  },
  sorts: {
    id: 'v.id',
    name: 'v.name COLLATE NOCASE',
    cidr_block: 'v.cidr_block',
    created_at: 'v.created_at',
    updated_at: 'v.updated_at',
  },
};

const subnets: Listing<(typeof subnetFilters)[number]> = {
  select: 's.*, v.name AS vpc_name, r.name AS route_table_name',
  from: 'subnets s JOIN vpcs v ON v.id = s.vpc_id JOIN route_tables r ON r.id = s.route_table_id',
  project: 's.project_id',
  id: 's.id',
  filters: {
    id: 's.id = ?',
    name: 'instr(lower(s.name), lower(?)) > 0',
    availability_zone: 's.availability_zone = ?',
    provisioning_status: active,
    operating_status: "lower(?) = 'online'",
    cidr_block: 's.cidr_block = ?',
    vpc_id: 's.vpc_id = ?',
    vpc_name: 'instr(lower(v.name), lower(?)) > 0',
    route_table_id: 's.route_table_id = ?',
    route_table_name: 'instr(lower(r.name), lower(?)) > 0',
    is_shared: flag('0'),
    created_at: 's.created_at = ?',
    updated_at: 's.updated_at = ?',
  },
  sorts: {
    id: 's.id',
    name: 's.name COLLATE NOCASE',
    cidr_block: 's.cidr_block',
    availability_zone: 's.availability_zone',
    created_at: 's.created_at',
    updated_at: 's.updated_at',
  },
};

/** VPCs and subnets in their wire form (reference/kakaocloud.md C.7). */
export class Networks {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  listVpcs(caller: Account, query: Record<string, unknown>): { vpcs: StrictVpc[]; pagination: Pagination } {
    const { rows, pagination } = listPage<VpcRow>(this.#store, vpcs, caller.projectId, query);
    return { vpcs: rows.map((row) => vpcWire(row, caller)), pagination };
  }

  /** @throws ApiFailure 404 */
  vpc(caller: Account, id: string): StrictVpc {
    const row = this.#find<VpcRow>(vpcs, caller, id);
    if (row === undefined) throw new ApiFailure(404, `There is no VPC ${id}`);
    return vpcWire(row, caller);
  }

  listSubnets(
    caller: Account,
    query: Record<string, unknown>,
  ): { subnets: StrictSubnet[]; pagination: Pagination } {
    const { rows, pagination } = listPage<SubnetRow>(this.#store, subnets, caller.projectId, query);
    return { subnets: rows.map((row) => subnetWire(row, caller)), pagination };
  }

  /** @throws ApiFailure 404 */
  subnet(caller: Account, id: string): StrictSubnet {
    const row = this.#find<SubnetRow>(subnets, caller, id);
    if (row === undefined) throw new ApiFailure(404, `There is no subnet ${id}`);
    return subnetWire(row, caller);
  }

  #find<Row>(listing: Listing, caller: Account, id: string): Row | undefined {
    return this.#store.get<Row>(
      `SELECT ${listing.select} FROM ${listing.from} WHERE ${listing.project} = ? AND ${listing.id} = ?`,
      caller.projectId,
      id,
    );
  }
}

function vpcWire(row: VpcRow, caller: Account): StrictVpc {
  const times = { created_at: row.created_at, updated_at: row.updated_at };
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    region: 'kr-central-2',
    project_id: row.project_id,
    project_name: caller.projectName,
    cidr_block: row.cidr_block,
    is_default: row.is_default === 1,
    is_enable_dns_support: true,
    provisioning_status: 'ACTIVE',
    igw:
      row.internet_gateway_id === null
        ? null
        : {
            id: row.internet_gateway_id,
            name: `${row.name}-igw`,
            description: '',
            region: 'kr-central-2',
            // Hosts without a Public IP do not get out.
            nat_ip: null,
            project_id: row.project_id,
            operating_status: 'ONLINE',
            provisioning_status: 'ACTIVE',
            ...times,
          },
    default_route_table: {
      id: row.route_table_id,
      name: row.route_table_name,
      description: '',
      provisioning_status: 'ACTIVE',
      ...times,
    },
    ...times,
  };
}

function subnetWire(row: SubnetRow, caller: Account): StrictSubnet {
  return {
    id: row.id,
    name: row.name,
    is_shared: false,
    availability_zone: row.availability_zone,
    cidr_block: row.cidr_block,
    project_id: row.project_id,
    project_name: caller.projectName,
    owner_project_id: row.project_id,
    operating_status: 'ONLINE',
    provisioning_status: 'ACTIVE',
    vpc_id: row.vpc_id,
    vpc_name: row.vpc_name,
    route_table_id: row.route_table_id,
    route_table_name: row.route_table_name,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
