import {
  bcsPaths,
  strictAttachedInterfaceAnswerSchema,
  strictGroupIdsAnswerSchema,
  strictNetworkInterfaceAnswerSchema,
  strictNetworkInterfaceListAnswerSchema,
  strictPublicIpAnswerSchema,
  updateAddressPairsSchema,
} from '@moru/kakaocloud';
import { type Request, Router } from 'express';
import { z } from 'zod';
import { answer, parameter, readBody, readQuery } from '../http/answer.ts';
import { allow, callerOf } from '../iam/guard.ts';
import type { Attachments } from '../network-interfaces/attachments.ts';
import type { NetworkInterfaces } from '../network-interfaces/network-interfaces.ts';
import type { InterfaceOperations } from '../network-interfaces/operations.ts';
import type { PublicIpOperations } from '../public-ips/operations.ts';
import type { Instances } from './instances.ts';

// Python's spellings of a boolean arrive too: the service behind the real API is FastAPI.
const detachQuerySchema = z.object({
  is_delete: z.stringbool({ case: 'insensitive' }).default(false),
});

export interface InterfaceParts {
  instances: Instances;
  interfaces: NetworkInterfaces;
  operations: InterfaceOperations;
  attachments: Attachments;
  publicIps: PublicIpOperations;
}

/** BCS: the network interfaces of an instance, their Public IPs and security groups (reference/kakaocloud.md C.5). */
export function instanceInterfaceRoutes({
  instances,
  interfaces,
  operations,
  attachments,
  publicIps,
}: InterfaceParts): Router {
  const router = Router({ caseSensitive: true });
  const admin = allow('admin');
  const nic = bcsPaths.networkInterface(':instanceId', ':nicId');

  /** The id of the path's interface, once it is known to be the path's instance's. */
  const nicOf = (request: Request) =>
    interfaces.idOf(
      callerOf(request).projectId,
      parameter(request, 'nicId'),
      parameter(request, 'instanceId'),
    );

  router.get(bcsPaths.networkInterfaces(':instanceId'), (request, response) => {
    const caller = callerOf(request);
    const { id } = instances.get(caller.projectId, parameter(request, 'instanceId'));
    const nics = interfaces.ofInstance(caller, id);
    answer(response, 200, strictNetworkInterfaceListAnswerSchema, {
      network_interfaces: nics,
      pagination: { total: nics.length, offset: 0, limit: nics.length },
    });
  });

  router.post(nic, admin, (request, response) => {
    const caller = callerOf(request);
    attachments.attach(caller, parameter(request, 'instanceId'), parameter(request, 'nicId'));
    const { id, status, mac_address, private_ip, subnet_id } = interfaces.get(
      caller,
      parameter(request, 'nicId'),
    );
    answer(response, 200, strictAttachedInterfaceAnswerSchema, {
      network_interface: { id, status, mac_address, private_ips: [{ ip_address: private_ip, subnet_id }] },
    });
  });

  router.delete(nic, admin, (request, response) => {
    attachments.detach(callerOf(request), parameter(request, 'instanceId'), parameter(request, 'nicId'));
    response.status(204).end();
  });

  router.put(bcsPaths.addressPairs(':instanceId', ':nicId'), admin, (request, response) => {
    const { allowed_address_pairs: pairs } = readBody(updateAddressPairsSchema, request);
    const id = nicOf(request);
    operations.setAddressPairs(callerOf(request), id, pairs);
    const changed = interfaces.get(callerOf(request), id);
    answer(response, 200, strictNetworkInterfaceAnswerSchema, { network_interface: changed });
  });

  router.post(
    bcsPaths.interfaceSecurityGroup(':instanceId', ':nicId', ':groupId'),
    admin,
    (request, response) => {
      const ids = operations.addGroup(callerOf(request), nicOf(request), parameter(request, 'groupId'));
      answer(response, 200, strictGroupIdsAnswerSchema, { security_group: { ids } });
    },
  );

  router.delete(
    bcsPaths.interfaceSecurityGroup(':instanceId', ':nicId', ':groupId'),
    admin,
    (request, response) => {
      const ids = operations.removeGroup(callerOf(request), nicOf(request), parameter(request, 'groupId'));
      answer(response, 200, strictGroupIdsAnswerSchema, { security_group: { ids } });
    },
  );

  router.post(bcsPaths.interfacePublicIps(':instanceId', ':nicId'), admin, (request, response) => {
    const { projectId } = callerOf(request);
    const publicIp = publicIps.attachNew(projectId, nicOf(request));
    answer(response, 200, strictPublicIpAnswerSchema, { public_ip: publicIp });
  });

  router.put(
    bcsPaths.interfacePublicIp(':instanceId', ':nicId', ':publicIpId'),
    admin,
    (request, response) => {
      const { projectId } = callerOf(request);
      const publicIp = publicIps.attach(projectId, parameter(request, 'publicIpId'), nicOf(request));
      answer(response, 200, strictPublicIpAnswerSchema, { public_ip: publicIp });
    },
  );

  router.delete(bcsPaths.interfacePublicIps(':instanceId', ':nicId'), admin, async (request, response) => {
    const { is_delete: andDelete } = readQuery(detachQuerySchema, request);
    const { projectId } = callerOf(request);
    const publicIp = await publicIps.detachFrom(projectId, nicOf(request), andDelete);
    answer(response, 200, strictPublicIpAnswerSchema, { public_ip: publicIp });
  });

  return router;
}
