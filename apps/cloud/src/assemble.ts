import type { Router } from 'express';
import type { Logger } from 'pino';
import { Catalogue } from './catalogue/catalogue.ts';
import { catalogueRoutes } from './catalogue/routes.ts';
import { configRoutes } from './config-service/routes.ts';
import type { Hosts } from './hosts/hosts.ts';
import { ActionLogs } from './instances/action-logs.ts';
import { Capacity } from './instances/capacity.ts';
import { Creation } from './instances/creation.ts';
import { Instances } from './instances/instances.ts';
import { instanceInterfaceRoutes } from './instances/interface-routes.ts';
import type { Durations } from './instances/lifecycle.ts';
import { InstanceOperations } from './instances/operations.ts';
import { instanceRoutes } from './instances/routes.ts';
import { Tasks } from './instances/tasks.ts';
import { KeyPairs } from './key-pairs/key-pairs.ts';
import { keyPairRoutes } from './key-pairs/routes.ts';
import { Attachments } from './network-interfaces/attachments.ts';
import { NetworkInterfaces } from './network-interfaces/network-interfaces.ts';
import { InterfaceOperations } from './network-interfaces/operations.ts';
import { interfaceRoutes } from './network-interfaces/routes.ts';
import { PublicIpOperations } from './public-ips/operations.ts';
import type { PublicIps } from './public-ips/public-ips.ts';
import { networkRoutes } from './public-ips/routes.ts';
import type { Translation } from './public-ips/translation.ts';
import { RouteTableOperations } from './route-tables/operations.ts';
import { RouteTables } from './route-tables/route-tables.ts';
import { routeTableRoutes } from './route-tables/routes.ts';
import { SecurityGroupOperations } from './security-groups/operations.ts';
import { securityGroupRoutes } from './security-groups/routes.ts';
import { SecurityGroups } from './security-groups/security-groups.ts';
import type { Store } from './store/store.ts';
import { Networks } from './vpc/networks.ts';
import { NetworkOperations } from './vpc/operations.ts';
import { vpcRoutes } from './vpc/routes.ts';

export interface Ground {
  store: Store;
  hosts: Hosts;
  publicIps: PublicIps;
  translation: Translation;
  attachMs: number;
  durations: Durations;
  servers: number;
  log: Logger;
}

/** The services behind the token check, and what goes on behind the requests. */
export function assemble(ground: Ground): { services: Router[]; tasks: Tasks } {
  const { store, hosts, publicIps, translation, durations, log } = ground;
  const actionLogs = new ActionLogs(store);
  const tasks = new Tasks({ store, hosts, translation, actionLogs, durations, log });
  const keyPairs = new KeyPairs(store);
  const capacity = new Capacity(store, ground.servers);
  const instances = new Instances(store);
  const interfaces = new NetworkInterfaces(store);
  const interfaceOperations = new InterfaceOperations(store, interfaces);
  const publicIpOperations = new PublicIpOperations(store, publicIps, translation, ground.attachMs);
  const networks = new Networks(store);
  const tables = new RouteTables(store);
  const groups = new SecurityGroups(store);
  const services = [
    instanceRoutes({
      instances,
      creation: new Creation({ store, tasks, actionLogs, keyPairs, capacity }),
      operations: new InstanceOperations(store, tasks, actionLogs, keyPairs),
      actionLogs,
      hosts,
    }),
    instanceInterfaceRoutes({
      instances,
      interfaces,
      operations: interfaceOperations,
      attachments: new Attachments(store, hosts),
      publicIps: publicIpOperations,
    }),
    catalogueRoutes(new Catalogue(store, capacity)),
    keyPairRoutes(keyPairs),
    networkRoutes(publicIps, interfaces, publicIpOperations),
    securityGroupRoutes(groups, new SecurityGroupOperations(store, groups)),
    vpcRoutes(networks, new NetworkOperations(store, networks)),
    interfaceRoutes(interfaces, interfaceOperations),
    routeTableRoutes(tables, new RouteTableOperations(store, tables, translation)),
    configRoutes(),
  ];
  return { services, tasks };
}
