import {
  type AgentProblem,
  agentPaths,
  agentProblemSchema,
  agentReadMs,
  type Family,
  type FirewallChange,
  type FirewallOutput,
  type FirewallOutputKind,
  type FirewallSave,
  type FirewallState,
  type FirewallZero,
  firewallOutputSchema,
  firewallStateSchema,
  type ProblemCode,
  ProblemError,
} from '@moru/types';
import type { z } from 'zod';
import { NoAnswer } from '../no-answer.ts';
import { UnsettledWrite } from '../settle.ts';
import type { AgentChannel, AgentRequest, AgentTarget } from './channel.ts';

/** a change may wait for the lock of another program */
const changeTimeoutMs = 15_000;

/** What a refusal of an agent brings along: the rules as they are now, the sides of a conflict, a trial … */
export type RefusalFacts = Pick<AgentProblem, 'state' | 'conflict' | 'routeConflict' | 'access' | 'trial'>;

/** An agent's refusal with what it is about. */
export class AgentRefusal extends ProblemError {
  override readonly name = 'AgentRefusal';
  readonly facts: RefusalFacts;

  constructor(facts: RefusalFacts, ...problem: ConstructorParameters<typeof ProblemError>) {
    super(...problem);
    this.facts = facts;
  }
}

/** Rejects with the agent's own problem, or `agent.unreachable` and `agent.timeout`; writes with UnsettledWrite. */
export interface AgentClient {
  /** any other question; `timeoutMs` where it is not the usual one. Rejects as all of these do */
  ask<Schema extends z.ZodType>(
    target: AgentTarget,
    request: Asking,
    schema: Schema,
  ): Promise<z.infer<Schema>>;
  readFirewall(target: AgentTarget, family: Family, requestId: string): Promise<FirewallState>;
  readOutput(
    target: AgentTarget,
    query: { kind: FirewallOutputKind; family: Family },
    requestId: string,
  ): Promise<FirewallOutput>;
  change(target: AgentTarget, change: FirewallChange, requestId: string): Promise<FirewallState>;
  save(target: AgentTarget, save: FirewallSave, requestId: string): Promise<FirewallState>;
  zero(target: AgentTarget, zero: FirewallZero, requestId: string): Promise<FirewallState>;
}

/** A request to an agent. `reads`: a POST that changes nothing; `timeoutMs` where the usual one does not fit. */
export type Asking = Omit<AgentRequest, 'timeoutMs'> & { reads?: boolean; timeoutMs?: number };

/** Sends a request and reads the answer. Rejects as AgentClient does. */
export function createAsk(channel: AgentChannel) {
  return async <Schema extends z.ZodType>(
    target: AgentTarget,
    { reads, ...request }: Asking,
    schema: Schema,
  ): Promise<z.infer<Schema>> => {
    const write = request.method === 'POST' && !reads;
    const timeoutMs = request.timeoutMs ?? (write ? changeTimeoutMs : agentReadMs);
    const answer = await channel.send(target, { ...request, timeoutMs }).catch((error: unknown) => {
      throw error instanceof NoAnswer ? problemOfSilence(error, write) : error;
    });
    if (answer.status === 200 || answer.status === 201) {
      const parsed = schema.safeParse(answer.body);
      if (parsed.success) return parsed.data;
      throw unreadable('The agent speaks another version.', write);
    }
    throw problemOfAnswer(answer.body, write);
  };
}

export function createAgentClient(channel: AgentChannel): AgentClient {
  const ask = createAsk(channel);
  return {
    ask,
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
    zero: (target, body, requestId) =>
      ask(target, { method: 'POST', path: agentPaths.zero, body, requestId }, firewallStateSchema),
  };
}

function problemOfSilence(error: NoAnswer, write: boolean): ProblemError {
  const extras = { upstream: error.message };
  if (write && error.sent) return new UnsettledWrite(true, 'outcome.unknown', extras, { cause: error });
  return new ProblemError(error.timedOut ? 'agent.timeout' : 'agent.unreachable', extras, { cause: error });
}

/** To a read, an agent that cannot be understood is as good as none; a write may have been made all the same. */
function unreadable(detail: string, write: boolean): ProblemError {
  if (write) return new UnsettledWrite(true, 'outcome.unknown', { detail });
  return new ProblemError('agent.unreachable', { detail });
}

/**
 * What an agent can mean. Sessions, roles, origins and the cloud are not its matter: a host that speaks of them is
 * broken or hostile, and must not sign anybody out.
 */
const agentCode =
  /^(host|rule|chain|revision|file|input|trial|routing|generation|sshguard)\.|^(body\.tooLarge|outcome\.unknown|internal)$/;

/** With these an agent does not say that nothing was done. */
const undecided = new Set<ProblemCode>(['outcome.unknown', 'internal']);

function factsOf({ state, conflict, routeConflict, access, trial }: RefusalFacts): RefusalFacts {
  return {
    ...(state && { state }),
    ...(conflict && { conflict }),
    ...(routeConflict && { routeConflict }),
    ...(access && { access }),
    ...(trial && { trial }),
  };
}

/** The agent's own code, fields and words; the request id becomes ours, which it was told anyway. */
function problemOfAnswer(body: unknown, write: boolean): ProblemError {
  const parsed = agentProblemSchema.safeParse(body);
  if (!parsed.success) return unreadable('The answer is no problem document.', write);
  const { code, detail, fields, upstream, ...facts } = parsed.data;
  if (!agentCode.test(code)) {
    const extras = { detail: `The agent answered ${code}.` };
    return write
      ? new UnsettledWrite(false, 'agent.unreachable', extras)
      : new ProblemError('agent.unreachable', extras);
  }
  const extras = {
    ...(detail !== undefined && { detail }),
    ...(fields !== undefined && { fields }),
    ...(upstream !== undefined && { upstream }),
  };
  if (write && undecided.has(code)) return new UnsettledWrite(false, code, extras);
  return new AgentRefusal(factsOf(facts), code, extras);
}
