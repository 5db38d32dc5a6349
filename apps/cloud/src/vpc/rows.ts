import { randomUUID } from 'node:crypto';
import type { AvailabilityZone, RouteType } from '@moru/kakaocloud';
import type { Store } from '../store/store.ts';
import { addressOf, blockOf } from './blocks.ts';

export interface NewVpc {
  projectId: string;
  name: string;
  cidrBlock: string;
  at: string;
}

export interface NewSubnet {
  projectId: string;
  vpcId: string;
  name: string;
  zone: AvailabilityZone;
  cidrBlock: string;
  /** its name in the fabric, where the seed has one for it */
  network?: string;
  at: string;
}

/** A VPC with an internet gateway, and a main route table that leads within the VPC. Answers the ids. */
export function insertVpc(
  store: Store,
  { projectId, name, cidrBlock, at }: NewVpc,
): { id: string; gatewayId: string; routeTableId: string } {
  const ids = { id: randomUUID(), gatewayId: randomUUID(), routeTableId: randomUUID() };
  store.run(
    `INSERT INTO vpcs (id, project_id, name, description, cidr_block, is_default, internet_gateway_id, route_table_id,
       created_at, updated_at) VALUES (?, ?, ?, '', ?, 0, ?, ?, ?, ?)`,
    ids.id,
    projectId,
    name,
    cidrBlock,
    ids.gatewayId,
    ids.routeTableId,
    at,
    at,
  );
  insertRouteTable(store, {
    ...ids,
    projectId,
    vpcId: ids.id,
    id: ids.routeTableId,
    name: `${name}-routes`,
    cidrBlock,
    at,
  });
  return ids;
}

/** With the route that every table of a VPC has: to the VPC's own addresses. */
export function insertRouteTable(
  store: Store,
  table: { id: string; projectId: string; vpcId: string; name: string; cidrBlock: string; at: string },
): void {
  store.run(
    'INSERT INTO route_tables (id, project_id, vpc_id, name, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)',
    table.id,
    table.projectId,
    table.vpcId,
    table.name,
    table.at,
    table.at,
  );
  insertRoute(store, table.id, { type: 'local', targetId: null, destination: table.cidrBlock, at: table.at });
}

/** The id of the route. */
export function insertRoute(
  store: Store,
  tableId: string,
  route: { type: RouteType | 'local'; targetId: string | null; destination: string; at: string },
): string {
  const id = randomUUID();
  store.run(
    'INSERT INTO routes (id, route_table_id, destination, target_type, target_id, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    id,
    tableId,
    route.destination,
    route.type,
    route.targetId,
    route.at,
  );
  return id;
}

/** The id of a subnet that follows its VPC's main route table; its gateway is its first address. */
export function insertSubnet(store: Store, subnet: NewSubnet): string {
  const id = randomUUID();
  store.run(
    `INSERT INTO subnets (id, project_id, vpc_id, name, availability_zone, cidr_block, gateway, network, route_table_id,
       association_id, created_at, updated_at)
     SELECT ?, ?, id, ?, ?, ?, ?, ?, route_table_id, ?, ?, ? FROM vpcs WHERE id = ?`,
    id,
    subnet.projectId,
    subnet.name,
    subnet.zone,
    subnet.cidrBlock,
    addressOf(blockOf(subnet.cidrBlock).first + 1),
    // Names of bridges are short.
    subnet.network ?? id.replaceAll('-', '').slice(0, 11),
    randomUUID(),
    subnet.at,
    subnet.at,
    subnet.vpcId,
  );
  return id;
}
