import {
  apiPaths,
  type Family,
  familySchema,
  type SshguardPanel,
  sshguardPanelSchema,
  sshguardPaths,
  sshguardProposalSchema,
  unblockSchema,
} from '@moru/types';
import { z } from 'zod';
import type { AgentTarget } from '../agent/channel.ts';
import type { AgentClient } from '../agent/client.ts';
import { readableAgents } from '../agent/readable.ts';
import { requireAgent } from '../agent/target.ts';
import type { CloudProvider } from '../cloud/provider.ts';
import { instanceParams, pathPattern } from '../http/paths.ts';
import { mutation, type Route, route } from '../http/route.ts';
import { settle, UnsettledWrite } from '../settle.ts';

const familyQuery = z.strictObject({ family: familySchema.default('ipv4') });

/** SSHGUARD's panel: its state, what it blocks, taking one block out, and the jump that is missing, as rules to try. */
export function sshguardRoutes(cloud: CloudProvider, agents: AgentClient): Route[] {
  const readableAgent = readableAgents(cloud);
  const readPanel = (target: AgentTarget, family: Family, requestId: string): Promise<SshguardPanel> =>
    agents.ask(
      target,
      { method: 'GET', path: `${sshguardPaths.state}?family=${family}`, requestId },
      sshguardPanelSchema,
    );

  return [
    route({
      method: 'get',
      path: pathPattern(apiPaths.sshguard(':instanceId')),
      policy: 'firewall.view',
      input: { params: instanceParams, query: familyQuery },
      output: sshguardPanelSchema,
      handle: async ({ caller, input: { params, query } }) =>
        readPanel(await readableAgent(caller, params.instanceId), query.family, caller.requestId),
    }),

    route({
      method: 'get',
      path: pathPattern(apiPaths.sshguardProposal(':instanceId')),
      policy: 'firewall.view',
      input: { params: instanceParams, query: familyQuery },
      output: sshguardProposalSchema,
      async handle({ caller, input: { params, query } }) {
        const target = await readableAgent(caller, params.instanceId);
        const path = `${sshguardPaths.proposal}?family=${query.family}`;
        return agents.ask(
          target,
          { method: 'GET', path, requestId: caller.requestId },
          sshguardProposalSchema,
        );
      },
    }),

    mutation({
      method: 'post',
      path: pathPattern(apiPaths.sshguardUnblock(':instanceId')),
      policy: 'sshguard.unblock',
      input: { params: instanceParams, body: unblockSchema },
      output: sshguardPanelSchema,
      audit: ({ params, body }) => ({ target: { type: 'instance', id: params.instanceId }, detail: body }),
      prepare: ({ caller, input: { params } }) => cloud.getInstance(caller, params.instanceId),
      async handle({ caller, input: { body } }, instance) {
        const target = requireAgent(instance);
        const { requestId } = caller;
        const request = { method: 'POST', path: sshguardPaths.unblock, body, requestId } as const;
        try {
          return await agents.ask(target, request, sshguardPanelSchema);
        } catch (error) {
          if (!(error instanceof UnsettledWrite)) throw error;
          return settle(error, async () => {
            const now = await readPanel(target, body.family, requestId);
            return now.blocked.some(({ rule }) => rule === body.rule) ? null : now;
          });
        }
      },
      outcome: ({ blockedCount }) => ({ blocked: blockedCount }),
    }),
  ];
}
