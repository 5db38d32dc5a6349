import {
  bcsPaths,
  strictInstanceAnswerSchema,
  strictInstanceListAnswerSchema,
  strictNetworkInterfaceListAnswerSchema,
  strictPublicIpAnswerSchema,
} from '@moru/kakaocloud';
import { Router } from 'express';
import { z } from 'zod';
import { answer, parameter } from '../http/answer.ts';
import { ApiFailure } from '../http/failure.ts';
import { allow, callerOf } from '../iam/guard.ts';
import type { NetworkInterfaces } from '../network-interfaces/network-interfaces.ts';
import type { PublicIpOperations } from '../public-ips/operations.ts';
import type { Instances } from './instances.ts';

// Python's spellings of a boolean arrive too: the service behind the real API is FastAPI.
const detachQuerySchema = z.object({
  is_delete: z.stringbool({ case: 'insensitive' }).default(false),
});

/** BCS: instances, their network interfaces, and the Public IPs of these (reference/kakaocloud.md C.4, C.5). */
export function bcsRoutes(
  instances: Instances,
  networkInterfaces: NetworkInterfaces,
  operations: PublicIpOperations,
): Router {
  const router = Router({ caseSensitive: true });

  router.get(bcsPaths.instances, (request, response) => {
    const list = instances.list(callerOf(request).projectId, request.query);
    answer(response, 200, strictInstanceListAnswerSchema, list);
  });

  router.get(bcsPaths.instance(':instanceId'), (request, response) => {
    const instance = instances.get(callerOf(request).projectId, parameter(request, 'instanceId'));
    answer(response, 200, strictInstanceAnswerSchema, { instance });
  });

  router.get(bcsPaths.networkInterfaces(':instanceId'), (request, response) => {
    const caller = callerOf(request);
    const { id } = instances.get(caller.projectId, parameter(request, 'instanceId'));
    const nics = networkInterfaces.ofInstance(caller, id);
    answer(response, 200, strictNetworkInterfaceListAnswerSchema, {
      network_interfaces: nics,
      pagination: { total: nics.length, offset: 0, limit: nics.length },
    });
  });

  router.post(bcsPaths.interfacePublicIps(':instanceId', ':nicId'), allow('admin'), (request, response) => {
    const { projectId } = callerOf(request);
    const nicId = networkInterfaces.idOf(
      projectId,
      parameter(request, 'nicId'),
      parameter(request, 'instanceId'),
    );
    answer(response, 200, strictPublicIpAnswerSchema, { public_ip: operations.attachNew(projectId, nicId) });
  });

  router.put(
    bcsPaths.interfacePublicIp(':instanceId', ':nicId', ':publicIpId'),
    allow('admin'),
    (request, response) => {
      const { projectId } = callerOf(request);
      const nicId = networkInterfaces.idOf(
        projectId,
        parameter(request, 'nicId'),
        parameter(request, 'instanceId'),
      );
      const publicIp = operations.attach(projectId, parameter(request, 'publicIpId'), nicId);
      answer(response, 200, strictPublicIpAnswerSchema, { public_ip: publicIp });
    },
  );

  router.delete(
    bcsPaths.interfacePublicIps(':instanceId', ':nicId'),
    allow('admin'),
    async (request, response) => {
      const query = detachQuerySchema.safeParse(request.query);
      if (!query.success) throw ApiFailure.ofInput(query.error);
      const { projectId } = callerOf(request);
      const nicId = networkInterfaces.idOf(
        projectId,
        parameter(request, 'nicId'),
        parameter(request, 'instanceId'),
      );
      const publicIp = await operations.detachFrom(projectId, nicId, query.data.is_delete);
      answer(response, 200, strictPublicIpAnswerSchema, { public_ip: publicIp });
    },
  );

  return router;
}
