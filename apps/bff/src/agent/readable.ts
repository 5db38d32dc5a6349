import { ProblemError } from '@moru/types';
import type { Caller, CloudProvider } from '../cloud/provider.ts';
import type { AgentTarget } from './channel.ts';
import { requireAgent } from './target.ts';

/** Nothing listens on a host in these states; asking would only cost the wait. */
const offStates = new Set(['stopped', 'shelved_offloaded', 'deleted']);

/** Finds the agent of an instance that is on. It rejects with `instance.state` or `agent.unreachable`. */
export function readableAgents(
  cloud: CloudProvider,
): (caller: Caller, instanceId: string) => Promise<AgentTarget> {
  return async (caller, instanceId) => {
    const instance = await cloud.getInstance(caller, instanceId);
    if (offStates.has(instance.status)) throw new ProblemError('instance.state');
    return requireAgent(instance);
  };
}
