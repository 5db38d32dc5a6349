import {
  familySchema,
  type SshguardPanel,
  type SshguardProposal,
  sshguardPaths,
  unblockSchema,
} from '@moru/types';
import { z } from 'zod';
import type { Tools } from '../firewall/tools.ts';
import type { Route } from '../http/router.ts';
import { log } from '../log.ts';
import { createGate } from '../process/gate.ts';
import type { Watch } from '../watch/watch.ts';
import { readPanel } from './panel.ts';
import { proposeJump } from './proposal.ts';
import { unblock } from './unblock.ts';

const querySchema = z.strictObject({ family: familySchema });
const noQuerySchema = z.strictObject({});

/** The jump that is missing, as rules to be tried. It reads all rules, so a child may handle it. */
export function sshguardProposalRoute(tools: Tools): Route {
  const reading = createGate(1, 8);
  return {
    method: 'GET',
    path: sshguardPaths.proposal,
    large: reading,
    handle: async ({ query }): Promise<SshguardProposal> => {
      const { family } = querySchema.parse(query);
      return reading(async () => proposeJump(await tools.of(family)));
    },
  };
}

/** SSHGUARD's panel; `gate` is that of whatever changes the host. */
export function sshguardRoutes(tools: Tools, watch: Watch, gate: ReturnType<typeof createGate>): Route[] {
  const reading = createGate(2, 16);
  return [
    {
      method: 'GET',
      path: sshguardPaths.state,
      handle: async ({ query }): Promise<SshguardPanel> => {
        const { family } = querySchema.parse(query);
        return reading(async () => readPanel(await tools.of(family), watch.bans(family)));
      },
    },
    {
      method: 'POST',
      path: sshguardPaths.unblock,
      handle: async ({ query, body, requestId }): Promise<SshguardPanel> => {
        noQuerySchema.parse(query);
        const wanted = unblockSchema.parse(body);
        const iptables = await tools.of(wanted.family);
        await gate(() => unblock(iptables, wanted));
        log.info('unblocked', { requestId, ...wanted });
        return readPanel(iptables, watch.bans(wanted.family));
      },
    },
  ];
}
