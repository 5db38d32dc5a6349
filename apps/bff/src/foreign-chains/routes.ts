import {
  apiPaths,
  type ForeignChains,
  foreignChainsPath,
  foreignChainsSchema,
  markChainSchema,
} from '@moru/types';
import type { AgentTarget } from '../agent/channel.ts';
import type { AgentClient } from '../agent/client.ts';
import { readableAgents } from '../agent/readable.ts';
import { requireAgent } from '../agent/target.ts';
import type { CloudProvider } from '../cloud/provider.ts';
import { instanceParams, pathPattern } from '../http/paths.ts';
import { mutation, type Route, route } from '../http/route.ts';
import { settle, UnsettledWrite } from '../settle.ts';

/** Chains that an administrator says belong to another program: shown, and never written by a change. */
export function foreignChainRoutes(cloud: CloudProvider, agents: AgentClient): Route[] {
  const readableAgent = readableAgents(cloud);
  const read = (target: AgentTarget, requestId: string): Promise<ForeignChains> =>
    agents.ask(target, { method: 'GET', path: foreignChainsPath, requestId }, foreignChainsSchema);
  return [
    route({
      method: 'get',
      path: pathPattern(apiPaths.foreignChains(':instanceId')),
      policy: 'firewall.view',
      input: { params: instanceParams },
      output: foreignChainsSchema,
      handle: async ({ caller, input: { params } }) =>
        read(await readableAgent(caller, params.instanceId), caller.requestId),
    }),

    mutation({
      method: 'post',
      path: pathPattern(apiPaths.foreignChains(':instanceId')),
      policy: 'chain.mark',
      input: { params: instanceParams, body: markChainSchema },
      output: foreignChainsSchema,
      audit: ({ params, body }) => ({ target: { type: 'instance', id: params.instanceId }, detail: body }),
      prepare: ({ caller, input: { params } }) => cloud.getInstance(caller, params.instanceId),
      async handle({ caller, session, input: { body } }, instance) {
        const target = requireAgent(instance);
        const { requestId } = caller;
        const request = { method: 'POST', path: foreignChainsPath, requestId } as const;
        try {
          const author = session.user.name;
          return await agents.ask(target, { ...request, body: { ...body, author } }, foreignChainsSchema);
        } catch (error) {
          if (!(error instanceof UnsettledWrite)) throw error;
          return settle(error, async () => {
            const now = await read(target, requestId);
            const marked = now.chains.find(({ chain }) => chain === body.chain)?.program ?? null;
            return marked === body.program ? now : null;
          });
        }
      },
      outcome: ({ chains }) => ({ marked: chains.map(({ chain }) => chain) }),
    }),
  ];
}
