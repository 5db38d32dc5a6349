import { apiPaths, routingCheckedSchema, routingCheckSchema, routingStateSchema } from '@moru/types';
import { requireAgent } from '../agent/target.ts';
import type { TrialAgents } from '../agent/trial-agents.ts';
import type { CloudProvider } from '../cloud/provider.ts';
import { instanceParams, pathPattern } from '../http/paths.ts';
import { question, type Route, route } from '../http/route.ts';
import type { HostWatch } from '../live/host-watch.ts';

/** Routes of a host, to be read, and edits of them, to be judged; changes go by trials. */
export function routingRoutes(
  cloud: CloudProvider,
  agents: TrialAgents,
  watch: Pick<HostWatch, 'look'>,
): Route[] {
  return [
    route({
      method: 'get',
      path: pathPattern(apiPaths.routing(':instanceId')),
      policy: 'routing.view',
      input: { params: instanceParams },
      output: routingStateSchema,
      async handle({ caller, session, input: { params } }) {
        const target = requireAgent(await cloud.getInstance(caller, params.instanceId));
        const state = await agents.routing(target, caller.requestId);
        watch.look(target, session.project.id);
        return state;
      },
    }),

    question({
      path: pathPattern(apiPaths.routingCheck(':instanceId')),
      policy: 'change.check',
      input: { params: instanceParams, body: routingCheckSchema },
      output: routingCheckedSchema,
      async handle({ caller, input: { params, body } }) {
        const instance = await cloud.getInstance(caller, params.instanceId);
        return agents.routingCheck(requireAgent(instance), body, caller.requestId);
      },
    }),
  ];
}
