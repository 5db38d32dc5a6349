import { randomUUID } from 'node:crypto';
import type { PublicIpMapping } from '@moru/hosts';
import type {
  Pagination,
  PublicIpStatus,
  publicIpFilters,
  StrictPublicIp,
  StrictPublicIpDetail,
} from '@moru/kakaocloud';
import { type Listing, listPage } from '../store/lists.ts';
import type { Store } from '../store/store.ts';
import { freeAddress } from './pool.ts';

interface PublicIpRow {
  id: string;
  project_id: string;
  address: string;
  description: string;
  status: PublicIpStatus;
  network_interface_id: string | null;
  attaching_until: number | null;
  created_at: string;
  updated_at: string;
  private_ip: string | null;
  nic_name: string | null;
  instance_id: string | null;
  availability_zone: string | null;
  subnet_id: string | null;
  subnet_name: string | null;
  subnet_cidr: string | null;
  vpc_id: string | null;
  vpc_name: string | null;
}

/** An attachment whose time has come. */
export interface DueAttachment extends PublicIpMapping {
  id: string;
  networkInterfaceId: string;
  /** 1 where the subnet's route table leads to the internet: only then is the address reached (A.4) */
  reachable: number;
}

const columns = `p.*, n.private_ip, n.name AS nic_name, n.instance_id, s.availability_zone,
  s.id AS subnet_id, s.name AS subnet_name, s.cidr_block AS subnet_cidr, v.id AS vpc_id, v.name AS vpc_name`;
const tables = `public_ips p LEFT JOIN network_interfaces n ON n.id = p.network_interface_id
  LEFT JOIN subnets s ON s.id = n.subnet_id LEFT JOIN vpcs v ON v.id = s.vpc_id`;

const listing: Listing<(typeof publicIpFilters)[number]> = {
  select: columns,
  from: tables,
  table: 'public_ips p',
  project: 'p.project_id',
  id: 'p.id',
  filters: {
    id: 'p.id = ?',
    status: 'p.status = lower(?)',
    public_ip: 'p.address = ?',
    related_resource_id: 'n.id = ?',
    related_resource_name: 'instr(lower(n.name), lower(?)) > 0',
    created_at: 'p.created_at = ?',
    updated_at: 'p.updated_at = ?',
  },
  sorts: {
    id: 'p.id',
    status: 'p.status',
    public_ip: 'p.address',
    description: 'p.description',
    private_ip: 'n.private_ip',
    created_at: 'p.created_at',
    updated_at: 'p.updated_at',
  },
};

/** The rows of Public IPs. What may be done with one when is decided by PublicIpOperations. */
export class PublicIps {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  list(
    projectId: string,
    query: Record<string, unknown>,
  ): { public_ips: StrictPublicIpDetail[]; pagination: Pagination } {
    const { rows, pagination } = listPage<PublicIpRow>(this.#store, listing, projectId, query);
    return { public_ips: rows.map(wire), pagination };
  }

  find(projectId: string, id: string): StrictPublicIpDetail | undefined {
    return this.#find('p.id = ?', projectId, id);
  }

  ofInterface(projectId: string, nicId: string): StrictPublicIpDetail | undefined {
    return this.#find('p.network_interface_id = ?', projectId, nicId);
  }

  /** The id of a new idle one, or null when the pool is empty. */
  add(projectId: string, description: string): string | null {
    const taken = this.#store.all<{ address: string }>('SELECT address FROM public_ips');
    const address = freeAddress(new Set(taken.map((row) => row.address)));
    if (address === null) return null;
    const id = randomUUID();
    const now = new Date().toISOString();
    this.#store.run(
      `INSERT INTO public_ips (id, project_id, address, description, status, created_at, updated_at)
       VALUES (?, ?, ?, ?, 'available', ?, ?)`,
      id,
      projectId,
      address,
      description,
      now,
      now,
    );
    return id;
  }

  remove(id: string): void {
    this.#store.run('DELETE FROM public_ips WHERE id = ?', id);
  }

  describe(id: string, description: string): void {
    this.#update(id, 'description = ?', description);
  }

  /** `until` in ms since the epoch. */
  setAttaching(id: string, nicId: string, until: number): void {
    this.#update(id, "status = 'attaching', network_interface_id = ?, attaching_until = ?", nicId, until);
  }

  setAvailable(id: string): void {
    this.#update(id, "status = 'available', network_interface_id = NULL, attaching_until = NULL");
  }

  /** What is attached at `now`: all that is in use, and what has been attaching long enough. */
  due(now: number): DueAttachment[] {
    return this.#store.all<DueAttachment>(
      `SELECT p.id, p.address AS publicIp, n.private_ip AS privateIp, n.id AS networkInterfaceId,
         EXISTS (SELECT 1 FROM routes r WHERE r.route_table_id = s.route_table_id AND r.target_type = 'igw'
           AND r.destination = '0.0.0.0/0') AS reachable
       FROM public_ips p JOIN network_interfaces n ON n.id = p.network_interface_id
         JOIN subnets s ON s.id = n.subnet_id
       WHERE p.status = 'in_use' OR p.attaching_until <= ? ORDER BY p.address`,
      now,
    );
  }

  /** When the next attachment is to be completed, or null when none is under way. */
  nextDue(): number | null {
    const row = this.#store.get<{ at: number | null }>('SELECT min(attaching_until) AS at FROM public_ips');
    return row?.at ?? null;
  }

  /** Marks what the fabric now carries; what was moved away or attached anew since `now` stays as it is. */
  complete(attachments: DueAttachment[], now: number): void {
    this.#store.transaction(() => {
      for (const attachment of attachments) {
        this.#store.run(
          `UPDATE public_ips SET status = 'in_use', attaching_until = NULL, updated_at = ?
           WHERE id = ? AND network_interface_id = ? AND attaching_until <= ?`,
          new Date().toISOString(),
          attachment.id,
          attachment.networkInterfaceId,
          now,
        );
      }
    });
  }

  #find(condition: string, projectId: string, value: string): StrictPublicIpDetail | undefined {
    const row = this.#store.get<PublicIpRow>(
      `SELECT ${columns} FROM ${tables} WHERE p.project_id = ? AND ${condition}`,
      projectId,
      value,
    );
    return row && wire(row);
  }

  #update(id: string, assignments: string, ...values: (string | number)[]): void {
    this.#store.run(
      `UPDATE public_ips SET ${assignments}, updated_at = ? WHERE id = ?`,
      ...values,
      new Date().toISOString(),
      id,
    );
  }
}

/** The short form that the writing calls answer. */
export function shortForm({ related_resource: _, ...publicIp }: StrictPublicIpDetail): StrictPublicIp {
  return publicIp;
}

function wire(row: PublicIpRow): StrictPublicIpDetail {
  return {
    id: row.id,
    status: row.status,
    description: row.description,
    project_id: row.project_id,
    public_ip: row.address,
    private_ip: row.private_ip,
    related_resource: relatedResource(row),
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

function relatedResource(row: PublicIpRow): StrictPublicIpDetail['related_resource'] {
  if (row.network_interface_id === null || row.instance_id === null) return null;
  return {
    id: row.network_interface_id,
    name: row.nic_name,
    status: 'in_use',
    type: 'network-interface',
    // The provider's mapper knows `compute:` as an instance (C.6).
    device_owner: `compute:${row.availability_zone}`,
    device_id: row.instance_id,
    subnet_id: row.subnet_id,
    subnet_name: row.subnet_name,
    subnet_cidr: row.subnet_cidr,
    vpc_id: row.vpc_id,
    vpc_name: row.vpc_name,
  };
}
