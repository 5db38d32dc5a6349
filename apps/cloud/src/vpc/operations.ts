import type { CreateSubnet, CreateVpc } from '@moru/kakaocloud';
import { ApiFailure } from '../http/failure.ts';
import type { Account } from '../iam/accounts.ts';
import type { Store } from '../store/store.ts';
import { type Block, blockOf, holds, overlap, parseBlock } from './blocks.ts';
import type { Networks } from './networks.ts';
import { insertSubnet, insertVpc } from './rows.ts';

/** Per project (reference/kakaocloud.md A.9). */
const vpcQuota = 3;

/**
 * Blocks that mean something else: this host, loopback, link-local, multicast and above (RFC 6890), and the networks
 * that the installation's own fabric is made of.
 */
const reserved = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/3',
  '100.64.0.0/10',
  '198.51.100.0/24',
  '203.0.113.0/24',
].map(blockOf);

const sizes = { vpc: { least: 16, most: 24 }, subnet: { least: 20, most: 26 } };

/**
 * What a project's admin may do with VPCs and subnets (A.9, C.7). All methods throw ApiFailure 404 for what the project
 * does not have and 409 for what other things forbid. Which statuses the refusals have is not documented.
 */
export class NetworkOperations {
  readonly #store: Store;
  readonly #networks: Networks;

  constructor(store: Store, networks: Networks) {
    this.#store = store;
    this.#networks = networks;
  }

  /**
   * The id of a new VPC. It has an internet gateway and no route to it yet: an admin adds that (A.4).
   *
   * @throws ApiFailure 400
   */
  createVpc({ projectId }: Account, { name, cidr_block, subnet }: CreateVpc): string {
    return this.#store.transaction(() => {
      const block = readBlock(cidr_block, 'vpc', 'vpc.cidr_block');
      if (reserved.some((other) => overlap(block, other))) {
        throw new ApiFailure(400, 'vpc.cidr_block: holds addresses that mean something else');
      }
      const { total } = this.#store.get<{ total: number }>(
        'SELECT count(*) AS total FROM vpcs WHERE project_id = ?',
        projectId,
      ) ?? { total: 0 };
      if (total >= vpcQuota) throw new ApiFailure(409, `The project may have ${vpcQuota} VPCs, and has them`);
      // One fabric carries all: unlike the real one it cannot tell equal addresses of two VPCs apart.
      this.#requireApart(block, this.#store.all('SELECT cidr_block FROM vpcs'));
      const at = new Date().toISOString();
      const { id } = insertVpc(this.#store, { projectId, name, cidrBlock: cidr_block, at });
      if (subnet)
        this.#addSubnet(projectId, { name: `${name}-main`, vpc_id: id, ...subnet }, block, 'vpc.subnet');
      return id;
    });
  }

  renameVpc(caller: Account, id: string, name: string): void {
    this.#networks.vpc(caller, id);
    this.#rename('vpcs', id, name);
  }

  removeVpc(caller: Account, id: string): void {
    this.#store.transaction(() => {
      this.#networks.vpc(caller, id);
      this.#requireNone('SELECT 1 FROM subnets WHERE vpc_id = ?', id, 'The VPC has subnets');
      this.#store.run('DELETE FROM vpcs WHERE id = ?', id);
    });
  }

  /** The id of a new subnet. @throws ApiFailure 400 */
  createSubnet(caller: Account, wanted: CreateSubnet): string {
    return this.#store.transaction(() => {
      const vpc = this.#store.get<{ cidr_block: string }>(
        'SELECT cidr_block FROM vpcs WHERE project_id = ? AND id = ?',
        caller.projectId,
        wanted.vpc_id,
      );
      if (vpc === undefined) throw new ApiFailure(400, `subnet.vpc_id: there is no VPC ${wanted.vpc_id}`);
      return this.#addSubnet(caller.projectId, wanted, blockOf(vpc.cidr_block), 'subnet');
    });
  }

  renameSubnet(caller: Account, id: string, name: string): void {
    this.#networks.subnet(caller, id);
    this.#rename('subnets', id, name);
  }

  removeSubnet(caller: Account, id: string): void {
    this.#store.transaction(() => {
      this.#networks.subnet(caller, id);
      this.#requireNone(
        'SELECT 1 FROM network_interfaces WHERE subnet_id = ?',
        id,
        'The subnet has network interfaces',
      );
      this.#store.run('DELETE FROM subnets WHERE id = ?', id);
    });
  }

  #addSubnet(projectId: string, wanted: CreateSubnet, vpc: Block, field: string): string {
    const block = readBlock(wanted.cidr_block, 'subnet', `${field}.cidr_block`);
    if (!holds(vpc, block)) throw new ApiFailure(400, `${field}.cidr_block: is not inside the VPC's block`);
    this.#requireApart(
      block,
      this.#store.all('SELECT cidr_block FROM subnets WHERE vpc_id = ?', wanted.vpc_id),
    );
    return insertSubnet(this.#store, {
      projectId,
      vpcId: wanted.vpc_id,
      name: wanted.name,
      zone: wanted.availability_zone,
      cidrBlock: wanted.cidr_block,
      at: new Date().toISOString(),
    });
  }

  #requireApart(block: Block, others: { cidr_block: string }[]): void {
    const hit = others.find(({ cidr_block }) => overlap(block, blockOf(cidr_block)));
    if (hit) throw new ApiFailure(409, `The block overlaps ${hit.cidr_block}, which is taken`);
  }

  #requireNone(sql: string, id: string, reason: string): void {
    if (this.#store.get(sql, id) !== undefined) throw new ApiFailure(409, reason);
  }

  #rename(table: 'vpcs' | 'subnets', id: string, name: string): void {
    this.#store.run(
      `UPDATE ${table} SET name = ?, updated_at = ? WHERE id = ?`,
      name,
      new Date().toISOString(),
      id,
    );
  }
}

function readBlock(cidr: string, kind: keyof typeof sizes, field: string): Block {
  const block = parseBlock(cidr);
  const { least, most } = sizes[kind];
  if (block === null)
    throw new ApiFailure(400, `${field}: must be an IPv4 block like 10.0.0.0/${most}, host bits zero`);
  if (block.prefix < least || block.prefix > most) {
    throw new ApiFailure(400, `${field}: must be from /${least} to /${most}`);
  }
  return block;
}
