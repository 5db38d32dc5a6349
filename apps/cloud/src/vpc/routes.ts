import {
  strictNetworkInterfaceAnswerSchema,
  strictNetworkInterfaceListAnswerSchema,
  strictSubnetAnswerSchema,
  strictSubnetListAnswerSchema,
  strictVpcAnswerSchema,
  strictVpcListAnswerSchema,
  vpcPaths,
} from '@moru/kakaocloud';
import { Router } from 'express';
import { answer, parameter } from '../http/answer.ts';
import { callerOf } from '../iam/guard.ts';
import type { NetworkInterfaces } from '../network-interfaces/network-interfaces.ts';
import type { Networks } from './networks.ts';

/** VPC: networks and network interfaces, to read (reference/kakaocloud.md C.7). */
export function vpcRoutes(networks: Networks, networkInterfaces: NetworkInterfaces): Router {
  const router = Router({ caseSensitive: true });

  router.get(vpcPaths.networkInterfaces, (request, response) => {
    const list = networkInterfaces.list(callerOf(request), request.query);
    answer(response, 200, strictNetworkInterfaceListAnswerSchema, list);
  });

  router.get(vpcPaths.networkInterface(':nicId'), (request, response) => {
    const nic = networkInterfaces.get(callerOf(request), parameter(request, 'nicId'));
    answer(response, 200, strictNetworkInterfaceAnswerSchema, { network_interface: nic });
  });

  router.get(vpcPaths.vpcs, (request, response) => {
    answer(response, 200, strictVpcListAnswerSchema, networks.listVpcs(callerOf(request), request.query));
  });

  router.get(vpcPaths.vpc(':vpcId'), (request, response) => {
    const vpc = networks.vpc(callerOf(request), parameter(request, 'vpcId'));
    answer(response, 200, strictVpcAnswerSchema, { vpc });
  });

  router.get(vpcPaths.subnets, (request, response) => {
    const list = networks.listSubnets(callerOf(request), request.query);
    answer(response, 200, strictSubnetListAnswerSchema, list);
  });

  router.get(vpcPaths.subnet(':subnetId'), (request, response) => {
    const subnet = networks.subnet(callerOf(request), parameter(request, 'subnetId'));
    answer(response, 200, strictSubnetAnswerSchema, { subnet });
  });

  return router;
}
