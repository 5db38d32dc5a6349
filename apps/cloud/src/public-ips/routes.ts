import {
  createPublicIpSchema,
  networkPaths,
  strictPublicIpAnswerSchema,
  strictPublicIpDetailAnswerSchema,
  strictPublicIpListAnswerSchema,
  updatePublicIpSchema,
} from '@moru/kakaocloud';
import { Router } from 'express';
import { answer, parameter, readBody } from '../http/answer.ts';
import { allow, callerOf } from '../iam/guard.ts';
import type { NetworkInterfaces } from '../network-interfaces/network-interfaces.ts';
import type { PublicIpOperations } from './operations.ts';
import type { PublicIps } from './public-ips.ts';

/** Network: the project's Public IPs (reference/kakaocloud.md C.6). */
export function networkRoutes(
  publicIps: PublicIps,
  networkInterfaces: NetworkInterfaces,
  operations: PublicIpOperations,
): Router {
  const router = Router({ caseSensitive: true });
  const admin = allow('admin');

  router.get(networkPaths.publicIps, (request, response) => {
    const list = publicIps.list(callerOf(request).projectId, request.query);
    answer(response, 200, strictPublicIpListAnswerSchema, list);
  });

  router.post(networkPaths.publicIps, admin, (request, response) => {
    const { description = '' } = readBody(createPublicIpSchema, request).public_ip;
    const publicIp = operations.create(callerOf(request).projectId, description);
    answer(response, 201, strictPublicIpAnswerSchema, { public_ip: publicIp });
  });

  router.get(networkPaths.publicIp(':publicIpId'), (request, response) => {
    const publicIp = operations.get(callerOf(request).projectId, parameter(request, 'publicIpId'));
    answer(response, 200, strictPublicIpDetailAnswerSchema, { public_ip: publicIp });
  });

  router.put(networkPaths.publicIp(':publicIpId'), admin, (request, response) => {
    const { description } = readBody(updatePublicIpSchema, request).public_ip;
    const id = parameter(request, 'publicIpId');
    const publicIp = operations.describe(callerOf(request).projectId, id, description);
    answer(response, 200, strictPublicIpAnswerSchema, { public_ip: publicIp });
  });

  router.delete(networkPaths.publicIp(':publicIpId'), admin, (request, response) => {
    operations.remove(callerOf(request).projectId, parameter(request, 'publicIpId'));
    response.status(204).end();
  });

  router.put(networkPaths.publicIpInterface(':publicIpId', ':nicId'), admin, (request, response) => {
    const { projectId } = callerOf(request);
    const nicId = networkInterfaces.idOf(projectId, parameter(request, 'nicId'));
    const publicIp = operations.attach(projectId, parameter(request, 'publicIpId'), nicId);
    answer(response, 200, strictPublicIpAnswerSchema, { public_ip: publicIp });
  });

  router.delete(networkPaths.publicIpInterface(':publicIpId', ':nicId'), admin, async (request, response) => {
    const { projectId } = callerOf(request);
    const nicId = networkInterfaces.idOf(projectId, parameter(request, 'nicId'));
    const publicIp = await operations.detach(projectId, parameter(request, 'publicIpId'), nicId);
    answer(response, 200, strictPublicIpAnswerSchema, { public_ip: publicIp });
  });

  return router;
}
