import { randomUUID } from 'node:crypto';
import type { CreateRouteTable, RouteBody } from '@moru/kakaocloud';
import { ApiFailure } from '../http/failure.ts';
import type { Account } from '../iam/accounts.ts';
import type { Translation } from '../public-ips/translation.ts';
import type { Store } from '../store/store.ts';
import { blockOf, overlap, parseBlock } from '../vpc/blocks.ts';
import { insertRoute, insertRouteTable } from '../vpc/rows.ts';
import type { RouteTables } from './route-tables.ts';

const linkLocal = blockOf('169.254.0.0/16');

/**
 * What a project's admin may do with route tables. A route to the internet gateway decides whether the Public IPs of
 * the subnets that follow the table are reached (reference/kakaocloud.md A.4); other routes are kept and shown, but the
 * fabric behind knows one way only. All methods throw ApiFailure 404 for what the project does not have.
 */
export class RouteTableOperations {
  readonly #store: Store;
  readonly #tables: RouteTables;
  readonly #translation: Translation;

  constructor(store: Store, tables: RouteTables, translation: Translation) {
    this.#store = store;
    this.#tables = tables;
    this.#translation = translation;
  }

  /** The id of a new table, which no subnet follows yet. @throws ApiFailure 400 for a VPC that is not there */
  create({ projectId }: Account, { name, vpc_id }: CreateRouteTable): string {
    return this.#store.transaction(() => {
      const vpc = this.#store.get<{ cidr_block: string }>(
        'SELECT cidr_block FROM vpcs WHERE project_id = ? AND id = ?',
        projectId,
        vpc_id,
      );
      if (vpc === undefined) throw new ApiFailure(400, `vpc_route_table.vpc_id: there is no VPC ${vpc_id}`);
      const id = randomUUID();
      const at = new Date().toISOString();
      insertRouteTable(this.#store, { id, projectId, vpcId: vpc_id, name, cidrBlock: vpc.cidr_block, at });
      return id;
    });
  }

  /** @throws ApiFailure 409 for the main table, and while a subnet follows it */
  remove(caller: Account, id: string): void {
    const table = this.#tables.get(caller, id);
    if (table.is_main) throw new ApiFailure(409, 'The main route table goes with its VPC');
    if (table.associations.length > 0) throw new ApiFailure(409, 'Subnets follow the route table');
    this.#store.run('DELETE FROM route_tables WHERE id = ?', id);
  }

  /** The VPC's new subnets follow it from now on. */
  makeMain(caller: Account, id: string): void {
    const { vpc_id } = this.#tables.get(caller, id);
    const now = new Date().toISOString();
    this.#store.run('UPDATE vpcs SET route_table_id = ?, updated_at = ? WHERE id = ?', id, now, vpc_id);
  }

  /** The id of the new route. @throws ApiFailure 400, 409 */
  addRoute(caller: Account, tableId: string, route: RouteBody): string {
    const id = this.#store.transaction(() => {
      const table = this.#tables.get(caller, tableId);
      this.#requireSound(caller, table.vpc_id, route);
      if (table.routes.some(({ destination }) => destination === route.destination)) {
        throw new ApiFailure(409, `The route table has a route to ${route.destination} already`);
      }
      this.#touch(tableId);
      return insertRoute(this.#store, tableId, {
        type: route.route_type,
        targetId: route.target_id,
        destination: route.destination,
        at: new Date().toISOString(),
      });
    });
    void this.#translation.program();
    return id;
  }

  /** @throws ApiFailure 400, 409 */
  changeRoute(caller: Account, tableId: string, routeId: string, route: RouteBody): void {
    this.#store.transaction(() => {
      this.#requireOwn(caller, tableId, routeId);
      const table = this.#tables.get(caller, tableId);
      this.#requireSound(caller, table.vpc_id, route);
      if (table.routes.some(({ id, destination }) => id !== routeId && destination === route.destination)) {
        throw new ApiFailure(409, `The route table has a route to ${route.destination} already`);
      }
      this.#store.run(
        'UPDATE routes SET destination = ?, target_type = ?, target_id = ? WHERE id = ?',
        route.destination,
        route.route_type,
        route.target_id,
        routeId,
      );
      this.#touch(tableId);
    });
    void this.#translation.program();
  }

  /** @throws ApiFailure 409 for the VPC's own */
  removeRoute(caller: Account, tableId: string, routeId: string): void {
    this.#requireOwn(caller, tableId, routeId);
    this.#store.run('DELETE FROM routes WHERE id = ?', routeId);
    this.#touch(tableId);
    void this.#translation.program();
  }

  /** The subnet follows the other table from now on. @throws ApiFailure 400 for a table of another VPC, or of none */
  moveAssociation(caller: Account, tableId: string, associationId: string, targetId: string): void {
    this.#store.transaction(() => {
      const { subnet_id, vpc_id } = this.#tables.association(caller, tableId, associationId);
      const target = this.#store.get(
        'SELECT 1 FROM route_tables WHERE id = ? AND vpc_id = ?',
        targetId,
        vpc_id,
      );
      if (target === undefined) {
        throw new ApiFailure(
          400,
          `association.target_route_table_id: the VPC has no route table ${targetId}`,
        );
      }
      this.#store.run('UPDATE subnets SET route_table_id = ? WHERE id = ?', targetId, subnet_id);
      this.#touch(tableId);
      this.#touch(targetId);
    });
    void this.#translation.program();
  }

  #requireOwn(caller: Account, tableId: string, routeId: string): void {
    if (this.#tables.route(caller, tableId, routeId).is_local_route) {
      throw new ApiFailure(409, 'The route within the VPC cannot be changed');
    }
  }

  #requireSound(caller: Account, vpcId: string, { route_type, target_id, destination }: RouteBody): void {
    const bad = (field: string, message: string) => new ApiFailure(400, `vpc_route.${field}: ${message}`);
    const block = parseBlock(destination);
    if (block === null) throw bad('destination', 'has host bits set');
    if (overlap(block, linkLocal) && block.prefix >= linkLocal.prefix) {
      throw bad('destination', 'link-local addresses are not routed');
    }
    if (route_type === 'igw') {
      const own = this.#store.get(
        'SELECT 1 FROM vpcs WHERE id = ? AND internet_gateway_id = ?',
        vpcId,
        target_id,
      );
      if (own === undefined) throw bad('target_id', `the VPC has no internet gateway ${target_id}`);
      return;
    }
    if (route_type === 'tgw') throw bad('target_id', `there is no transit gateway ${target_id}`);
    const nics = this.#store.all<{ vpc_id: string }>(
      `SELECT s.vpc_id FROM network_interfaces n JOIN subnets s ON s.id = n.subnet_id
       WHERE n.project_id = ? AND n.instance_id = ?`,
      caller.projectId,
      target_id,
    );
    if (!nics.some(({ vpc_id }) => vpc_id === vpcId)) {
      throw bad('target_id', `there is no instance ${target_id} in the VPC`);
    }
    // Which of its interfaces would get the packets is not told.
    if (nics.length > 1)
      throw bad('target_id', 'an instance with several network interfaces cannot be a target');
  }

  #touch(tableId: string): void {
    this.#store.run('UPDATE route_tables SET updated_at = ? WHERE id = ?', new Date().toISOString(), tableId);
  }
}
