import { apiPaths, instanceListQuerySchema, instanceListSchema, instanceSchema } from '@moru/types';
import { z } from 'zod';
import type { CloudProvider } from '../cloud/provider.ts';
import type { Summaries } from '../firewall/summaries.ts';
import { instanceParams, pathPattern } from '../http/paths.ts';
import { type Route, route } from '../http/route.ts';
import type { Inventory } from '../inventory/inventory.ts';

/** Reading the list waits no longer than this for agents that were never heard of; the next reading has them. */
const summaryPatienceMs = 300;

export function instanceRoutes(
  cloud: CloudProvider,
  inventory: Pick<Inventory, 'view'>,
  summaries: Summaries,
): Route[] {
  return [
    route({
      method: 'get',
      path: apiPaths.instances,
      policy: 'session',
      input: { query: z.strictObject(instanceListQuerySchema.shape) },
      output: instanceListSchema,
      async handle({ caller, session, input }) {
        const { readAt, select } = await inventory.view(session, caller);
        const { rows, page } = select(input.query);
        return { instances: await summaries.addTo(rows, summaryPatienceMs), page, readAt };
      },
    }),

    route({
      method: 'get',
      path: pathPattern(apiPaths.instance(':instanceId')),
      policy: 'session',
      input: { params: instanceParams },
      output: instanceSchema,
      async handle({ caller, input }) {
        const instance = await cloud.getInstance(caller, input.params.instanceId);
        const [whole] = await summaries.addTo([instance], summaryPatienceMs);
        if (!whole) throw new TypeError('one instance in, one out');
        return whole;
      },
    }),
  ];
}
