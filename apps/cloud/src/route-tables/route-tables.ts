import type {
  AvailabilityZone,
  Pagination,
  RouteType,
  routeTableFilters,
  StrictAssociation,
  StrictRoute,
  StrictRouteTable,
} from '@moru/kakaocloud';
import { ApiFailure } from '../http/failure.ts';
import type { Account } from '../iam/accounts.ts';
import { type Listing, listPage } from '../store/lists.ts';
import type { Store } from '../store/store.ts';

interface TableRow {
  id: string;
  project_id: string;
  vpc_id: string;
  name: string;
  vpc_name: string;
  is_main: number;
  created_at: string;
  updated_at: string;
}

interface RouteRow {
  id: string;
  route_table_id: string;
  destination: string;
  target_type: RouteType | 'local';
  target_id: string | null;
  target_name: string | null;
}

interface AssociationRow {
  id: string;
  route_table_id: string;
  vpc_id: string;
  vpc_name: string;
  subnet_id: string;
  subnet_name: string;
  subnet_cidr_block: string;
  availability_zone: AvailabilityZone;
}

const active = "lower(?) = 'active'";
const follows = (condition: string) =>
  `EXISTS (SELECT 1 FROM subnets s WHERE s.route_table_id = r.id AND ${condition})`;

const listing: Listing<(typeof routeTableFilters)[number]> = {
  select: 'r.*, v.name AS vpc_name, v.route_table_id = r.id AS is_main',
  from: 'route_tables r JOIN vpcs v ON v.id = r.vpc_id',
  project: 'r.project_id',
  id: 'r.id',
  filters: {
    id: 'r.id = ?',
    name: 'instr(lower(r.name), lower(?)) > 0',
    provisioning_status: active,
    vpc_id: 'r.vpc_id = ?',
    vpc_name: 'instr(lower(v.name), lower(?)) > 0',
    vpc_provisioning_status: active,
    subnet_id: follows('s.id = ?'),
    subnet_name: follows('instr(lower(s.name), lower(?)) > 0'),
    association_count: 'CAST((SELECT count(*) FROM subnets s WHERE s.route_table_id = r.id) AS TEXT) = ?',
    destination: 'EXISTS (SELECT 1 FROM routes t WHERE t.route_table_id = r.id AND t.destination = ?)',
    created_at: 'r.created_at = ?',
    updated_at: 'r.updated_at = ?',
  },
  sorts: {
    id: 'r.id',
    name: 'r.name COLLATE NOCASE',
    vpc_name: 'v.name COLLATE NOCASE',
    created_at: 'r.created_at',
    updated_at: 'r.updated_at',
  },
};

/** Route tables with their routes and the subnets that follow them, in their wire form (reference/kakaocloud.md C.7). */
export class RouteTables {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  list(
    caller: Account,
    query: Record<string, unknown>,
  ): { vpc_route_tables: StrictRouteTable[]; pagination: Pagination } {
    const { rows, pagination } = listPage<TableRow>(this.#store, listing, caller.projectId, query);
    return { vpc_route_tables: this.#wire(rows, caller), pagination };
  }

  /** @throws ApiFailure 404 */
  get(caller: Account, id: string): StrictRouteTable {
    const rows = this.#store.all<TableRow>(
      `SELECT ${listing.select} FROM ${listing.from} WHERE r.project_id = ? AND r.id = ?`,
      caller.projectId,
      id,
    );
    const [table] = this.#wire(rows, caller);
    if (table === undefined) throw new ApiFailure(404, `There is no route table ${id}`);
    return table;
  }

  /** @throws ApiFailure 404 */
  route(caller: Account, tableId: string, routeId: string): StrictRoute {
    const route = this.get(caller, tableId).routes.find(({ id }) => id === routeId);
    if (route === undefined) throw new ApiFailure(404, `The route table has no route ${routeId}`);
    return route;
  }

  /** @throws ApiFailure 404 */
  association(caller: Account, tableId: string, associationId: string): StrictAssociation {
    const association = this.get(caller, tableId).associations.find(({ id }) => id === associationId);
    if (association === undefined)
      throw new ApiFailure(404, `The route table has no association ${associationId}`);
    return association;
  }

  #wire(rows: TableRow[], caller: Account): StrictRouteTable[] {
    const ids = JSON.stringify(rows.map((row) => row.id));
    const routes = this.#routes(ids);
    const associations = this.#associations(ids);
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      associations: (associations.get(row.id) ?? []).map(({ route_table_id: _, ...association }) => ({
        ...association,
        provisioning_status: 'ACTIVE',
      })),
      routes: (routes.get(row.id) ?? []).map(({ route_table_id: _, ...route }) => ({
        ...route,
        provisioning_status: 'ACTIVE',
        is_local_route: route.target_type === 'local',
      })),
      vpc_id: row.vpc_id,
      vpc_name: row.vpc_name,
      vpc_provisioning_status: 'ACTIVE',
      provisioning_status: 'ACTIVE',
      project_id: row.project_id,
      project_name: caller.projectName,
      is_main: row.is_main === 1,
      created_at: row.created_at,
      updated_at: row.updated_at,
    }));
  }

  #routes(tableIds: string): Map<string, RouteRow[]> {
    const rows = this.#store.all<RouteRow>(
      `SELECT t.id, t.route_table_id, t.destination, t.target_type, t.target_id,
         CASE t.target_type WHEN 'instance' THEN i.name WHEN 'igw' THEN v.name || '-igw' END AS target_name
       FROM routes t JOIN route_tables r ON r.id = t.route_table_id JOIN vpcs v ON v.id = r.vpc_id
         LEFT JOIN instances i ON i.id = t.target_id
       WHERE t.route_table_id IN (SELECT value FROM json_each(?)) ORDER BY t.created_at, t.rowid`,
      tableIds,
    );
    return Map.groupBy(rows, (row) => row.route_table_id);
  }

  #associations(tableIds: string): Map<string, AssociationRow[]> {
    const rows = this.#store.all<AssociationRow>(
      `SELECT s.association_id AS id, s.route_table_id, s.vpc_id, v.name AS vpc_name, s.id AS subnet_id,
         s.name AS subnet_name, s.cidr_block AS subnet_cidr_block, s.availability_zone
       FROM subnets s JOIN vpcs v ON v.id = s.vpc_id
       WHERE s.route_table_id IN (SELECT value FROM json_each(?)) ORDER BY s.name, s.id`,
      tableIds,
    );
    return Map.groupBy(rows, (row) => row.route_table_id);
  }
}
