import {
  apiPaths,
  type Instance,
  instanceFacetsSchema,
  instanceFilterSchema,
  instanceListQuerySchema,
  instanceListSchema,
  instanceSchema,
} from '@moru/types';
import { z } from 'zod';
import { findAgent } from '../agent/target.ts';
import type { CloudProvider } from '../cloud/provider.ts';
import type { Summaries } from '../firewall/summaries.ts';
import { instanceParams, pathPattern } from '../http/paths.ts';
import { type Route, route } from '../http/route.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { HostWatch, ListedHost } from '../live/host-watch.ts';
import { facetsOf } from './facets.ts';

/** Reading the list waits no longer than this for agents that were never heard of; the next reading has them. */
const summaryPatienceMs = 300;
/** Who types a filter looks for names first; the console asks again, within a second where nothing is known of a row. */
const filterPatienceMs = 20;

export function instanceRoutes(
  cloud: CloudProvider,
  inventory: Pick<Inventory, 'view'>,
  summaries: Summaries,
  watch: Pick<HostWatch, 'lookAtList'>,
): Route[] {
  return [
    route({
      method: 'get',
      path: apiPaths.instances,
      policy: 'session',
      input: { query: z.strictObject(instanceListQuerySchema.shape) },
      output: instanceListSchema,
      async handle({ caller, session, input }) {
        return summaries.ahead(async () => {
          const { readAt, select } = await inventory.view(session, caller);
          const { rows, page } = select(input.query, summaries.known);
          const instances = await (input.query.q
            ? summaries.addTo(rows, filterPatienceMs, false)
            : summaries.addTo(rows, summaryPatienceMs));
          watch.lookAtList(session.idHash, listedHosts(instances), session.project.id);
          return { instances, page, readAt };
        });
      },
    }),

    route({
      method: 'get',
      path: apiPaths.instanceFacets,
      policy: 'session',
      input: { query: z.strictObject(instanceFilterSchema.shape) },
      output: instanceFacetsSchema,
      async handle({ caller, session, input }) {
        const { instances } = await inventory.view(session, caller);
        return facetsOf(instances(), input.query, summaries.known);
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

/** Those that answer. */
function listedHosts(instances: readonly Instance[]): ListedHost[] {
  return instances.flatMap((instance) => {
    const target = findAgent(instance);
    const { firewall: summary } = instance;
    return target && summary.agent === 'connected' ? [{ target, summary }] : [];
  });
}
