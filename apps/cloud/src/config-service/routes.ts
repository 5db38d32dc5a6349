import {
  availabilityZones,
  configPaths,
  strictClientEndpointsAnswerSchema,
  strictZonePoliciesAnswerSchema,
} from '@moru/kakaocloud';
import { Router } from 'express';
import { answer } from '../http/answer.ts';

/** Since when the answers are as they are: they never change. */
const since = '2026-01-01T00:00:00.000Z';

const common = { priority: 1, created_by: 'moru', updated_by: 'moru', created_at: since, updated_at: since };

/**
 * The Config service, which tells KakaoCloud's own clients where the others are (reference/kakaocloud.md C.8): all at
 * one address here, the one by which the client has come. Its third route, client-metadata, is called by nobody, and
 * what it answers is not documented.
 */
export function configRoutes(): Router {
  const router = Router({ caseSensitive: true });

  router.get(configPaths.clientEndpoints, (request, response) => {
    const here = `${request.protocol}://${request.get('host')}`;
    answer(response, 200, strictClientEndpointsAnswerSchema, {
      success: true,
      data: {
        id: 'client-endpoints',
        service_endpoints: { iam: here, bcs: here, vpc: here, network: here, image: here },
        ...common,
      },
    });
  });

  router.get(configPaths.zonePolicies, (_request, response) => {
    const zones = [...availabilityZones];
    answer(response, 200, strictZonePoliciesAnswerSchema, {
      success: true,
      data: { id: 'az-policies', services: { bcs: zones, vpc: zones }, ...common },
    });
  });

  return router;
}
