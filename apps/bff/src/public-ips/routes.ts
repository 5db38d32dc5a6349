import {
  apiPaths,
  connectPublicIpResultSchema,
  connectPublicIpSchema,
  createPublicIpSchema,
  type DisconnectPublicIp,
  describePublicIpSchema,
  disconnectPublicIpResultSchema,
  disconnectPublicIpSchema,
  operationSchema,
  ProblemError,
  publicIpListQuerySchema,
  publicIpListSchema,
  publicIpSchema,
  releasePublicIpsSchema,
} from '@moru/types';
import { z } from 'zod';
import type { CloudInstance, CloudProvider } from '../cloud/provider.ts';
import { id, interfaceParams, pathPattern } from '../http/paths.ts';
import { mutation, type Route, route, stepped } from '../http/route.ts';
import { factsOf } from '../operations/model.ts';
import { changedOrThrow } from '../operations/routes.ts';
import type { OperationService } from '../operations/service.ts';
import { requireConnected } from './interfaces.ts';
import { planConnect, planDisconnect, planRelease } from './plans.ts';
import { selectPublicIps } from './select.ts';
import { createIdle, describe } from './writes.ts';

const publicIpParams = z.strictObject({ publicIpId: id });
const interfacePublicIp = pathPattern(apiPaths.interfacePublicIp(':instanceId', ':networkInterfaceId'));

export function publicIpRoutes(cloud: CloudProvider, operations: OperationService): Route[] {
  return [
    route({
      method: 'get',
      path: apiPaths.publicIps,
      policy: 'session',
      input: {
        query: z.strictObject(publicIpListQuerySchema.shape),
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
      path: apiPaths.publicIps,
      policy: 'publicIp.create',
      input: { body: createPublicIpSchema },
      output: publicIpSchema,
      // it has no id yet
      audit: ({ body }) => ({ target: { type: 'publicIp', id: '' }, detail: { ...body } }),
      prepare: async ({ caller }) => ({
        name: null,
        known: new Set((await cloud.listPublicIps(caller)).map(({ id }) => id)),
      }),
      handle: ({ caller, input }, { known }) => createIdle(cloud, caller, input.body, known),
      outcome: (made) => ({ publicIpId: made.id, address: made.address }),
    }),

    mutation({
      method: 'put',
      path: pathPattern(apiPaths.publicIp(':publicIpId')),
      policy: 'publicIp.describe',
      input: { params: publicIpParams, body: describePublicIpSchema },
      output: null,
      audit: ({ params, body }) => ({
        target: { type: 'publicIp', id: params.publicIpId },
        detail: { description: body.description },
      }),
      async prepare({ caller, input }) {
        const publicIp = await cloud.getPublicIp(caller, input.params.publicIpId);
        if (!publicIp) throw new ProblemError('publicIp.notFound');
        return { name: publicIp.address, publicIp };
      },
      found: (_input, { publicIp }) => ({ before: { description: publicIp.description } }),
      handle: ({ caller, input }, { publicIp }) => describe(cloud, caller, publicIp, input.body),
    }),

    stepped({
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
        const plan = await planConnect(cloud, caller, instance, params.networkInterfaceId, body);
        return { read: plan, instance, name: instance.name, found: {} };
      },
      async handle({ caller }, plan, recorded) {
        const operation = await changedOrThrow(await operations.begin(recorded, plan));
        const publicIp = await cloud.getPublicIp(caller, factsOf(operation).publicIpId ?? '');
        if (!publicIp) throw new ProblemError('outcome.unknown');
        const { instanceName } = operation.subject;
        return {
          publicIp: {
            ...publicIp,
            attachedTo: publicIp.attachedTo && { ...publicIp.attachedTo, instanceName },
          },
          operation: operations.view(operation),
        };
      },
    }),

    stepped({
      method: 'delete',
      path: interfacePublicIp,
      policy: 'publicIp.disconnect',
      irrevocable: ({ body }) => body.deletePublicIp,
      input: { params: interfaceParams, body: disconnectPublicIpSchema },
      output: disconnectPublicIpResultSchema,
      audit: ({ params, body }) => ({
        target: { type: 'instance', id: params.instanceId },
        detail: { networkInterfaceId: params.networkInterfaceId, ...body },
      }),
      async prepare({ caller, input }) {
        const instance = await cloud.getInstance(caller, input.params.instanceId);
        const { nic, held } = connected(input, instance);
        const plan = planDisconnect(instance, nic.id, held, input.body.deletePublicIp);
        return { read: plan, instance, name: instance.name, found: { address: held.address } };
      },
      async handle({ input }, plan, recorded) {
        const operation = await changedOrThrow(await operations.begin(recorded, plan));
        return {
          address: operation.subject.address ?? '',
          deleted: input.body.deletePublicIp,
          operation: operations.view(operation),
        };
      },
    }),

    stepped({
      method: 'post',
      path: apiPaths.publicIpRelease,
      policy: 'publicIp.disconnect',
      irrevocable: () => true,
      input: { body: releasePublicIpsSchema },
      output: operationSchema,
      audit: ({ body }) => ({
        target: { type: 'publicIp', id: '' },
        detail: { publicIps: body.publicIps.map(({ id }) => id) },
      }),
      async prepare({ caller, input: { body } }) {
        const known = new Map((await cloud.listPublicIps(caller)).map((ip) => [ip.id, ip]));
        const plans = body.publicIps.map(({ id, networkInterfaceId }) => {
          const publicIp = known.get(id);
          if (!publicIp) throw new ProblemError('publicIp.notFound', { detail: id });
          return planRelease(publicIp, networkInterfaceId);
        });
        return { read: plans, instance: null, name: null, found: {} };
      },
      async handle(_call, plans, recorded) {
        const subject = { instanceId: null, instanceName: null, address: null };
        const whole = { kind: 'publicIp.release', subject, steps: [] } as const;
        return operations.view(await operations.beginAll(recorded, whole, plans));
      },
    }),
  ];
}

function connected(
  { params, body }: { params: z.infer<typeof interfaceParams>; body: DisconnectPublicIp },
  instance: CloudInstance,
) {
  return requireConnected(instance, params.networkInterfaceId, body.publicIpId);
}
