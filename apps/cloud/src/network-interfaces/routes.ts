import {
  createNetworkInterfaceSchema,
  strictNetworkInterfaceAnswerSchema,
  strictNetworkInterfaceListAnswerSchema,
  updateAddressPairsSchema,
  updateNetworkInterfaceSchema,
  vpcPaths,
} from '@moru/kakaocloud';
import { Router } from 'express';
import { answer, parameter, readBody } from '../http/answer.ts';
import { allow, callerOf } from '../iam/guard.ts';
import type { NetworkInterfaces } from './network-interfaces.ts';
import type { InterfaceOperations } from './operations.ts';

/** VPC: the project's network interfaces (reference/kakaocloud.md C.7). */
export function interfaceRoutes(interfaces: NetworkInterfaces, operations: InterfaceOperations): Router {
  const router = Router({ caseSensitive: true });
  const admin = allow('admin');

  router.get(vpcPaths.networkInterfaces, (request, response) => {
    const list = interfaces.list(callerOf(request), request.query);
    answer(response, 200, strictNetworkInterfaceListAnswerSchema, list);
  });

  router.post(vpcPaths.networkInterfaces, admin, (request, response) => {
    const { network_interface: wanted } = readBody(createNetworkInterfaceSchema, request);
    const id = operations.create(callerOf(request), wanted);
    const nic = interfaces.get(callerOf(request), id);
    answer(response, 201, strictNetworkInterfaceAnswerSchema, { network_interface: nic });
  });

  router.get(vpcPaths.networkInterface(':nicId'), (request, response) => {
    const nic = interfaces.get(callerOf(request), parameter(request, 'nicId'));
    answer(response, 200, strictNetworkInterfaceAnswerSchema, { network_interface: nic });
  });

  router.put(vpcPaths.networkInterface(':nicId'), admin, (request, response) => {
    const { network_interface: change } = readBody(updateNetworkInterfaceSchema, request);
    const id = parameter(request, 'nicId');
    operations.update(callerOf(request), id, change);
    const nic = interfaces.get(callerOf(request), id);
    answer(response, 200, strictNetworkInterfaceAnswerSchema, { network_interface: nic });
  });

  router.delete(vpcPaths.networkInterface(':nicId'), admin, (request, response) => {
    operations.remove(callerOf(request), parameter(request, 'nicId'));
    response.status(204).end();
  });

  router.put(vpcPaths.addressPairs(':nicId'), admin, (request, response) => {
    const { allowed_address_pairs: pairs } = readBody(updateAddressPairsSchema, request);
    const id = parameter(request, 'nicId');
    operations.setAddressPairs(callerOf(request), id, pairs);
    const nic = interfaces.get(callerOf(request), id);
    answer(response, 200, strictNetworkInterfaceAnswerSchema, { network_interface: nic });
  });

  return router;
}
