import {
  agentPaths,
  agentProblemSchema,
  type Family,
  type FirewallChange,
  type FirewallOutput,
  type FirewallOutputKind,
  type FirewallSave,
  type FirewallState,
  firewallOutputSchema,
  firewallStateSchema,
  ProblemError,
} from '@moru/types';
import type { z } from 'zod';
import { UnsettledWrite } from '../settle.ts';
import { type AgentChannel, type AgentRequest, AgentSilence, type AgentTarget } from './channel.ts';

const readTimeoutMs = 5_000;
/** a change may wait for the lock of another program */
const changeTimeoutMs = 15_000;

/** The agent's refusal of a stale revision brings the rules as they are now. */
export class StaleRules extends ProblemError {
  override readonly name = 'StaleRules';
  readonly state: FirewallState;

  constructor(state: FirewallState, ...problem: ConstructorParameters<typeof ProblemError>) {
    super(...problem);
    this.state = state;
  }
}

/** Rejects with the agent's own problem, or `agent.unreachable` and `agent.timeout`; writes with UnsettledWrite. */
export interface AgentClient {
  readFirewall(target: AgentTarget, family: Family, requestId: string): Promise<FirewallState>;
  readOutput(
    target: AgentTarget,
    query: { kind: FirewallOutputKind; family: Family },
    requestId: string,
  ): Promise<FirewallOutput>;
  change(target: AgentTarget, change: FirewallChange, requestId: string): Promise<FirewallState>;
  save(target: AgentTarget, save: FirewallSave, requestId: string): Promise<FirewallState>;
}

export function createAgentClient(channel: AgentChannel): AgentClient {
  const ask = async <Schema extends z.ZodType>(
    target: AgentTarget,
    request: Omit<AgentRequest, 'timeoutMs'>,
    schema: Schema,
  ): Promise<z.infer<Schema>> => {
    const write = request.method === 'POST';
    const timeoutMs = write ? changeTimeoutMs : readTimeoutMs;
    const answer = await channel.send(target, { ...request, timeoutMs }).catch((error: unknown) => {
      throw error instanceof AgentSilence ? problemOfSilence(error, write) : error;
    });
    if (answer.status === 200) {
      const parsed = schema.safeParse(answer.body);
      if (parsed.success) return parsed.data;
      throw new ProblemError('agent.unreachable', { detail: 'The agent speaks another version.' });
    }
    throw problemOfAnswer(answer.body);
  };
  return {
    readFirewall: (target, family, requestId) =>
      ask(
        target,
        { method: 'GET', path: `${agentPaths.firewall}?family=${family}`, requestId },
        firewallStateSchema,
      ),
    readOutput: (target, { kind, family }, requestId) =>
      ask(
        target,
        { method: 'GET', path: `${agentPaths.output}?kind=${kind}&family=${family}`, requestId },
        firewallOutputSchema,
      ),
    change: (target, body, requestId) =>
      ask(target, { method: 'POST', path: agentPaths.changes, body, requestId }, firewallStateSchema),
    save: (target, body, requestId) =>
      ask(target, { method: 'POST', path: agentPaths.save, body, requestId }, firewallStateSchema),
  };
}

function problemOfSilence(error: AgentSilence, write: boolean): ProblemError {
  const extras = { upstream: error.message };
  if (write && error.sent) return new UnsettledWrite(true, 'outcome.unknown', extras, { cause: error });
  return new ProblemError(error.timedOut ? 'agent.timeout' : 'agent.unreachable', extras, { cause: error });
}

/** The agent's own code, fields and words; the request id becomes ours, which it was told anyway. */
function problemOfAnswer(body: unknown): ProblemError {
  const parsed = agentProblemSchema.safeParse(body);
  if (!parsed.success)
    return new ProblemError('agent.unreachable', { detail: 'The answer is no problem document.' });
  const { code, detail, fields, upstream, state } = parsed.data;
  const extras = {
    ...(detail !== undefined && { detail }),
    ...(fields !== undefined && { fields }),
    ...(upstream !== undefined && { upstream }),
  };
  return state ? new StaleRules(state, code, extras) : new ProblemError(code, extras);
}
