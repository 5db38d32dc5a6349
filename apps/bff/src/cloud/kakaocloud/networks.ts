import {
  type RouteTable,
  routeTableListAnswerSchema,
  subnetListAnswerSchema,
  vpcListAnswerSchema,
  vpcPaths,
} from '@moru/kakaocloud';
import type { CloudCatalogue } from '../lifecycle.ts';
import type { SendUpstream } from '../upstream.ts';
import { readAll } from './pages.ts';

/** VPCs with all that belongs to them (reference/kakaocloud.md C.7). */
export function createNetworks(vpcUrl: string, send: SendUpstream): Pick<CloudCatalogue, 'listVpcs'> {
  return {
    async listVpcs(caller) {
      const [vpcs, subnets, tables] = await Promise.all([
        readAll(send, { caller, url: vpcUrl + vpcPaths.vpcs }, vpcListAnswerSchema, 'vpcs'),
        readAll(send, { caller, url: vpcUrl + vpcPaths.subnets }, subnetListAnswerSchema, 'subnets'),
        readAll(
          send,
          { caller, url: vpcUrl + vpcPaths.routeTables },
          routeTableListAnswerSchema,
          'vpc_route_tables',
        ),
      ]);
      const byId = new Map(tables.map((table) => [table.id, table]));
      return vpcs.map((vpc) => ({
        id: vpc.id,
        name: vpc.name ?? vpc.id,
        cidr: vpc.cidr_block ?? '',
        internetGateway: vpc.igw !== null,
        subnets: subnets
          .filter(({ vpc_id }) => vpc_id === vpc.id)
          .map((subnet) => ({
            id: subnet.id,
            name: subnet.name ?? subnet.id,
            cidr: subnet.cidr_block ?? '',
            availabilityZone: subnet.availability_zone,
            routeTableId: subnet.route_table_id,
            reachesInternet: reachesInternet(byId.get(subnet.route_table_id ?? '')),
          })),
        routeTables: tables
          .filter(({ vpc_id }) => vpc_id === vpc.id)
          .map((table) => ({
            id: table.id,
            name: table.name ?? table.id,
            main: table.is_main ?? false,
            routes: table.routes.map((route) => ({
              destination: route.destination ?? '',
              targetType: route.target_type,
              targetId: route.target_id,
              targetName: route.target_name,
            })),
          })),
      }));
    },
  };
}

/** Null where the table is not known. */
function reachesInternet(table: RouteTable | undefined): boolean | null {
  if (table === undefined) return null;
  return table.routes.some(
    ({ destination, target_type }) => destination === '0.0.0.0/0' && target_type === 'igw',
  );
}
