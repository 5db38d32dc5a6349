import {
  apiPaths,
  connectPublicIpResultSchema,
  connectPublicIpSchema,
  type DisconnectPublicIp,
  disconnectPublicIpResultSchema,
  disconnectPublicIpSchema,
  instanceListQuerySchema,
  publicIpListSchema,
} from '@moru/types';
import { z } from 'zod';
import type { CloudInstance, CloudProvider } from '../cloud/provider.ts';
import { interfaceParams, pathPattern } from '../http/paths.ts';
import { mutation, type Route, route } from '../http/route.ts';
import { checkConnect, connectPublicIp } from './connect.ts';
import { disconnectPublicIp } from './disconnect.ts';
import { requireConnected, requireInterface } from './interfaces.ts';
import { selectPublicIps } from './select.ts';

const interfacePublicIp = pathPattern(apiPaths.interfacePublicIp(':instanceId', ':networkInterfaceId'));

export function publicIpRoutes(cloud: CloudProvider): Route[] {
  return [
    route({
      method: 'get',
      path: apiPaths.publicIps,
      policy: 'session',
      input: {
        query: z.strictObject(instanceListQuerySchema.pick({ q: true, limit: true, offset: true }).shape),
      },
      output: publicIpListSchema,
      async handle({ caller, input }) {
        const readAt = new Date().toISOString();
        const { rows, page } = selectPublicIps(await cloud.listPublicIps(caller), input.query);
        return { publicIps: rows, page, readAt };
      },
    }),

    mutation({
      method: 'post',
      path: interfacePublicIp,
      policy: 'publicIp.connect',
      input: { params: interfaceParams, body: connectPublicIpSchema },
      output: connectPublicIpResultSchema,
      audit: ({ params, body }) => ({
        target: { type: 'instance', id: params.instanceId },
        detail: { networkInterfaceId: params.networkInterfaceId, ...body },
      }),
      async prepare({ caller, input: { params, body } }) {
        const instance = await cloud.getInstance(caller, params.instanceId);
        await checkConnect(cloud, caller, instance, params.networkInterfaceId, body);
        return instance;
      },
      async handle({ caller, input: { params, body } }, instance) {
        const nic = requireInterface(instance, params.networkInterfaceId);
        return { publicIp: await connectPublicIp(cloud, caller, instance, nic, body) };
      },
      outcome: ({ publicIp }) => ({ publicIpId: publicIp.id, address: publicIp.address }),
    }),

    mutation({
      method: 'delete',
      path: interfacePublicIp,
      policy: 'publicIp.disconnect',
      input: { params: interfaceParams, body: disconnectPublicIpSchema },
      output: disconnectPublicIpResultSchema,
      audit: ({ params, body }) => ({
        target: { type: 'instance', id: params.instanceId },
        detail: { networkInterfaceId: params.networkInterfaceId, ...body },
      }),
      async prepare({ caller, input }) {
        const instance = await cloud.getInstance(caller, input.params.instanceId);
        connected(input, instance);
        return instance;
      },
      found: (input, instance) => ({ address: connected(input, instance).held.address }),
      handle: ({ caller, input }, instance) =>
        disconnectPublicIp(cloud, caller, connected(input, instance), input.body),
      outcome: (result) => ({ ...result }),
    }),
  ];
}

function connected(
  { params, body }: { params: z.infer<typeof interfaceParams>; body: DisconnectPublicIp },
  instance: CloudInstance,
) {
  return requireConnected(instance, params.networkInterfaceId, body.publicIpId);
}
