import {
  type Action,
  actionLogSchema,
  apiPaths,
  consoleLogQuerySchema,
  consoleLogSchema,
  createInstanceResultSchema,
  createInstanceSchema,
  rebuildInstanceSchema,
  updateInstanceSchema,
} from '@moru/types';
import type { CloudProvider } from '../cloud/provider.ts';
import type { Enrolment } from '../enrolment/enrolment.ts';
import { instanceParams, pathPattern } from '../http/paths.ts';
import { type Call, mutation, type Route, route } from '../http/route.ts';
import type { Logger } from '../log.ts';
import { create, lostWith, type Order, order, update } from './lifecycle.ts';

const defaultLines = 200;

/** What is done to instances, and what the cloud says was done. Orders are answered once the cloud has taken them. */
export function lifecycleRoutes(
  cloud: CloudProvider,
  hosts: Pick<Enrolment, 'replaced'>,
  log: Logger,
): Route[] {
  const at = (path: (instanceId: string) => string) => pathPattern(path(':instanceId'));
  const target = (instanceId: string) => ({ type: 'instance', id: instanceId });

  /** What the host was known by went with its disk. The order is given, whether this can be noted or not. */
  const replace = async ({ caller, session }: Call<unknown>, id: string, wanted: Order) => {
    await order(cloud, caller, id, wanted);
    await hosts.replaced(id, session.user.name).catch((error: unknown) => {
      log.error({ error, instanceId: id }, 'the enrolment of a replaced host was not ended');
    });
  };

  const power = (path: (instanceId: string) => string, policy: Action, wanted: Order) =>
    mutation({
      method: 'post',
      path: at(path),
      policy,
      input: { params: instanceParams },
      output: null,
      audit: ({ params }) => ({ target: target(params.instanceId), detail: {} }),
      prepare: ({ caller, input }) => cloud.getInstance(caller, input.params.instanceId),
      handle: ({ caller }, { id }) => order(cloud, caller, id, wanted),
    });

  return [
    power(apiPaths.instanceStart, 'instance.start', { kind: 'start' }),
    power(apiPaths.instanceStop, 'instance.stop', { kind: 'stop' }),
    power(apiPaths.instanceHardReboot, 'instance.hardReboot', { kind: 'hardReboot' }),

    mutation({
      method: 'post',
      path: at(apiPaths.instanceRebuild),
      policy: 'instance.rebuild',
      irrevocable: () => true,
      input: { params: instanceParams, body: rebuildInstanceSchema },
      output: null,
      audit: ({ params, body }) => ({ target: target(params.instanceId), detail: { ...body } }),
      prepare: ({ caller, input }) => cloud.getInstance(caller, input.params.instanceId),
      found: (_input, instance) => ({ before: lostWith(instance) }),
      handle: (call, { id }) => replace(call, id, { kind: 'rebuild', ...call.input.body }),
    }),

    mutation({
      method: 'delete',
      path: at(apiPaths.instance),
      policy: 'instance.delete',
      irrevocable: () => true,
      input: { params: instanceParams },
      output: null,
      audit: ({ params }) => ({ target: target(params.instanceId), detail: {} }),
      prepare: ({ caller, input }) => cloud.getInstance(caller, input.params.instanceId),
      found: (_input, instance) => ({ before: lostWith(instance) }),
      handle: (call, { id }) => replace(call, id, { kind: 'delete' }),
    }),

    mutation({
      method: 'put',
      path: at(apiPaths.instance),
      policy: 'instance.update',
      input: { params: instanceParams, body: updateInstanceSchema },
      output: null,
      audit: ({ params, body }) => ({ target: target(params.instanceId), detail: { ...body } }),
      prepare: ({ caller, input }) => cloud.getInstance(caller, input.params.instanceId),
      found: (_input, { name, description }) => ({ before: { name, description } }),
      handle: ({ caller, input }, { id }) => update(cloud, caller, id, input.body),
    }),

    mutation({
      method: 'post',
      path: apiPaths.instances,
      policy: 'instance.create',
      input: { body: createInstanceSchema },
      output: createInstanceResultSchema,
      // It has no id yet. A script may hold secrets.
      audit: ({ body: { userData, ...body } }) => ({
        target: { type: 'instance', id: '' },
        detail: { ...body, hasUserData: userData !== undefined },
      }),
      prepare: async ({ input }) => ({ name: input.body.name }),
      handle: async ({ caller, input }) => ({ instanceId: await create(cloud, caller, input.body) }),
      outcome: (result) => ({ ...result }),
    }),

    route({
      method: 'get',
      path: at(apiPaths.actionLog),
      policy: 'session',
      input: { params: instanceParams },
      output: actionLogSchema,
      async handle({ caller, input }) {
        const readAt = new Date().toISOString();
        return { actions: await cloud.actionLog(caller, input.params.instanceId), readAt };
      },
    }),

    route({
      method: 'get',
      path: at(apiPaths.consoleLog),
      policy: 'session',
      input: { params: instanceParams, query: consoleLogQuerySchema },
      output: consoleLogSchema,
      async handle({ caller, input: { params, query } }) {
        const readAt = new Date().toISOString();
        const lines = await cloud.consoleLog(caller, params.instanceId, query.lines ?? defaultLines);
        return { lines, readAt };
      },
    }),
  ];
}
