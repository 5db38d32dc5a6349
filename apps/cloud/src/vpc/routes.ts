import {
  createSubnetSchema,
  createVpcSchema,
  strictSubnetAnswerSchema,
  strictSubnetListAnswerSchema,
  strictVpcAnswerSchema,
  strictVpcListAnswerSchema,
  updateSubnetSchema,
  updateVpcSchema,
  vpcPaths,
} from '@moru/kakaocloud';
import { Router } from 'express';
import { answer, parameter, readBody } from '../http/answer.ts';
import { allow, callerOf } from '../iam/guard.ts';
import type { Networks } from './networks.ts';
import type { NetworkOperations } from './operations.ts';

/** VPC: networks (reference/kakaocloud.md C.7). Changing them takes a project's admin (A.9). */
export function vpcRoutes(networks: Networks, operations: NetworkOperations): Router {
  const router = Router({ caseSensitive: true });
  const admin = allow('admin');

  router.get(vpcPaths.vpcs, (request, response) => {
    answer(response, 200, strictVpcListAnswerSchema, networks.listVpcs(callerOf(request), request.query));
  });

  router.post(vpcPaths.vpcs, admin, (request, response) => {
    const id = operations.createVpc(callerOf(request), readBody(createVpcSchema, request).vpc);
    answer(response, 201, strictVpcAnswerSchema, { vpc: networks.vpc(callerOf(request), id) });
  });

  router.get(vpcPaths.vpc(':vpcId'), (request, response) => {
    const vpc = networks.vpc(callerOf(request), parameter(request, 'vpcId'));
    answer(response, 200, strictVpcAnswerSchema, { vpc });
  });

  router.put(vpcPaths.vpc(':vpcId'), admin, (request, response) => {
    const { name } = readBody(updateVpcSchema, request).vpc;
    const id = parameter(request, 'vpcId');
    operations.renameVpc(callerOf(request), id, name);
    answer(response, 200, strictVpcAnswerSchema, { vpc: networks.vpc(callerOf(request), id) });
  });

  router.delete(vpcPaths.vpc(':vpcId'), admin, (request, response) => {
    operations.removeVpc(callerOf(request), parameter(request, 'vpcId'));
    response.status(204).end();
  });

  router.get(vpcPaths.subnets, (request, response) => {
    const list = networks.listSubnets(callerOf(request), request.query);
    answer(response, 200, strictSubnetListAnswerSchema, list);
  });

  router.post(vpcPaths.subnets, admin, (request, response) => {
    const id = operations.createSubnet(callerOf(request), readBody(createSubnetSchema, request).subnet);
    answer(response, 201, strictSubnetAnswerSchema, { subnet: networks.subnet(callerOf(request), id) });
  });

  router.get(vpcPaths.subnet(':subnetId'), (request, response) => {
    const subnet = networks.subnet(callerOf(request), parameter(request, 'subnetId'));
    answer(response, 200, strictSubnetAnswerSchema, { subnet });
  });

  router.put(vpcPaths.subnet(':subnetId'), admin, (request, response) => {
    const { name } = readBody(updateSubnetSchema, request).subnet;
    const id = parameter(request, 'subnetId');
    operations.renameSubnet(callerOf(request), id, name);
    answer(response, 200, strictSubnetAnswerSchema, { subnet: networks.subnet(callerOf(request), id) });
  });

  router.delete(vpcPaths.subnet(':subnetId'), admin, (request, response) => {
    operations.removeSubnet(callerOf(request), parameter(request, 'subnetId'));
    response.status(204).end();
  });

  return router;
}
