import {
  apiPaths,
  familySchema,
  firewallChangeSchema,
  firewallOutputKindSchema,
  firewallOutputSchema,
  firewallSaveSchema,
  firewallStateSchema,
  firewallZeroSchema,
  ProblemError,
} from '@moru/types';
import { z } from 'zod';
import type { AgentClient } from '../agent/client.ts';
import { readableAgents } from '../agent/readable.ts';
import { requireAgent } from '../agent/target.ts';
import type { CloudProvider } from '../cloud/provider.ts';
import { instanceParams, pathPattern } from '../http/paths.ts';
import { mutation, type Route, route } from '../http/route.ts';
import type { HostWatch } from '../live/host-watch.ts';
import { changeRules, saveRules } from './change.ts';
import type { Summaries } from './summaries.ts';

const familyQuery = z.strictObject({ family: familySchema.default('ipv4') });
const outputParams = instanceParams.extend({ kind: firewallOutputKindSchema });

export function firewallRoutes(
  cloud: CloudProvider,
  agents: AgentClient,
  summaries: Summaries,
  watch: Pick<HostWatch, 'look'>,
): Route[] {
  const readableAgent = readableAgents(cloud);

  return [
    route({
      method: 'get',
      path: pathPattern(apiPaths.firewall(':instanceId')),
      policy: 'firewall.view',
      input: { params: instanceParams, query: familyQuery },
      output: firewallStateSchema,
      async handle({ caller, session, input: { params, query } }) {
        const target = await readableAgent(caller, params.instanceId);
        const state = await agents
          .readFirewall(target, query.family, caller.requestId)
          .catch((error: unknown) => {
            if (error instanceof ProblemError && error.problem.code.startsWith('agent.')) {
              summaries.lost(params.instanceId, error);
            }
            throw error;
          });
        summaries.learn(params.instanceId, state);
        watch.look(target, session.project.id);
        return state;
      },
    }),

    route({
      method: 'get',
      path: pathPattern(apiPaths.firewallOutput(':instanceId', ':kind')),
      policy: 'firewall.view',
      input: { params: outputParams, query: familyQuery },
      output: firewallOutputSchema,
      async handle({ caller, input: { params, query } }) {
        const target = await readableAgent(caller, params.instanceId);
        return agents.readOutput(target, { kind: params.kind, family: query.family }, caller.requestId);
      },
    }),

    mutation({
      method: 'post',
      path: pathPattern(apiPaths.firewallChanges(':instanceId')),
      policy: 'firewall.change',
      input: { params: instanceParams, body: firewallChangeSchema },
      output: firewallStateSchema,
      audit: ({ params, body }) => ({ target: { type: 'instance', id: params.instanceId }, detail: body }),
      prepare: ({ caller, input: { params } }) => cloud.getInstance(caller, params.instanceId),
      async handle({ caller, input: { body } }, instance) {
        const state = await changeRules(agents, requireAgent(instance), body, caller.requestId);
        summaries.learn(instance.id, state);
        return state;
      },
      outcome: ({ revision }) => ({ revision }),
    }),

    mutation({
      method: 'post',
      path: pathPattern(apiPaths.firewallSave(':instanceId')),
      policy: 'firewall.save',
      input: { params: instanceParams, body: firewallSaveSchema },
      output: firewallStateSchema,
      audit: ({ params, body }) => ({ target: { type: 'instance', id: params.instanceId }, detail: body }),
      prepare: ({ caller, input: { params } }) => cloud.getInstance(caller, params.instanceId),
      async handle({ caller, input: { body } }, instance) {
        const state = await saveRules(agents, requireAgent(instance), body, caller.requestId);
        summaries.learn(instance.id, state);
        return state;
      },
      outcome: ({ revision, saved }) => ({ revision, path: saved.path }),
    }),

    mutation({
      method: 'post',
      path: pathPattern(apiPaths.firewallZero(':instanceId')),
      policy: 'firewall.zero',
      input: { params: instanceParams, body: firewallZeroSchema },
      output: firewallStateSchema,
      audit: ({ params, body }) => ({ target: { type: 'instance', id: params.instanceId }, detail: body }),
      prepare: ({ caller, input: { params } }) => cloud.getInstance(caller, params.instanceId),
      // a lost answer stays unknown: counters move on, and do not tell whether they began anew
      async handle({ caller, input: { body } }, instance) {
        const state = await agents.zero(requireAgent(instance), body, caller.requestId);
        summaries.learn(instance.id, state);
        return state;
      },
    }),
  ];
}
