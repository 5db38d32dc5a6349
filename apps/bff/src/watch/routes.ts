import { agentReadMs, apiPaths, watchPath, watchQuerySchema, watchStateSchema } from '@moru/types';
import type { AgentClient } from '../agent/client.ts';
import { readableAgents } from '../agent/readable.ts';
import type { CloudProvider } from '../cloud/provider.ts';
import { instanceParams, pathPattern } from '../http/paths.ts';
import { type Route, route } from '../http/route.ts';

/**
 * What the host was last seen to hold; with `after` and `wait` once that is something else. The agent bounds how many
 * wait and how long.
 */
export function firewallWatchRoute(cloud: CloudProvider, agents: AgentClient): Route {
  const readableAgent = readableAgents(cloud);
  return route({
    method: 'get',
    path: pathPattern(apiPaths.firewallWatch(':instanceId')),
    policy: 'firewall.view',
    input: { params: instanceParams, query: watchQuerySchema },
    output: watchStateSchema,
    async handle({ caller, input: { params, query } }) {
      const target = await readableAgent(caller, params.instanceId);
      const { after, wait } = query;
      const path = `${watchPath}?wait=${wait}${after === undefined ? '' : `&after=${after}`}`;
      const timeoutMs = wait * 1000 + agentReadMs;
      return agents.ask(
        target,
        { method: 'GET', path, requestId: caller.requestId, timeoutMs },
        watchStateSchema,
      );
    },
  });
}
