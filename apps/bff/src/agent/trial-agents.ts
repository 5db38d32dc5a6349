import {
  type CheckRequest,
  checkAnswerSchema,
  currentTrialSchema,
  generationListSchema,
  generationRulesSchema,
  type RevertReason,
  type RoutingCheck,
  restoreDraftSchema,
  routingCheckedSchema,
  routingPaths,
  routingStateSchema,
  type TrialRequest,
  trialPaths,
  trialSchema,
  trialStartedSchema,
} from '@moru/types';
import type { AgentChannel, AgentTarget } from './channel.ts';
import { createAsk } from './client.ts';

/** A change of many rules is planned, loaded and read back; the host's own patience ends before this. */
const startMs = 60_000;
const checkMs = 30_000;
/** An unreachable host is told within the wait of a person. */
const probeMs = 4_000;

export type TrialAgents = ReturnType<typeof createTrialAgents>;

/** What agents answer about trials, generations and routes. Rejects as AgentClient does. */
export function createTrialAgents(channel: AgentChannel) {
  const ask = createAsk(channel);
  const path = (pattern: string, name: string) => pattern.replace(/:\w+/, encodeURIComponent(name));
  const get = (at: string, requestId: string) => ({ method: 'GET' as const, path: at, requestId });
  const post = (at: string, body: unknown, requestId: string) => ({
    ...{ method: 'POST' as const, path: at, body, requestId },
  });

  return {
    check: (target: AgentTarget, body: CheckRequest, requestId: string) =>
      ask(
        target,
        { ...post(trialPaths.check, body, requestId), reads: true, timeoutMs: checkMs },
        checkAnswerSchema,
      ),
    start: (target: AgentTarget, body: TrialRequest, requestId: string) =>
      ask(target, { ...post(trialPaths.trials, body, requestId), timeoutMs: startMs }, trialStartedSchema),
    current: (target: AgentTarget, requestId: string) =>
      ask(target, get(trialPaths.current, requestId), currentTrialSchema),
    find: (target: AgentTarget, id: string, requestId: string) =>
      ask(target, get(path(trialPaths.trial, id), requestId), trialSchema),
    /** rejects as well where the agent is of a version that cannot tell */
    findByKey: (target: AgentTarget, key: string, requestId: string) =>
      ask(target, get(path(trialPaths.byKey, key), requestId), trialSchema),
    /** over a new connection */
    probe: (target: AgentTarget, id: string, requestId: string) =>
      ask(
        target,
        { ...get(path(trialPaths.trial, id), requestId), fresh: true, timeoutMs: probeMs },
        trialSchema,
      ),
    /** over a new connection, which is what the host asks for */
    confirm: (target: AgentTarget, id: string, secret: string, requestId: string) =>
      ask(target, { ...post(path(trialPaths.confirm, id), { secret }, requestId), fresh: true }, trialSchema),
    revert: (
      target: AgentTarget,
      id: string,
      body: { reason: Extract<RevertReason, 'asked' | 'probe'>; author: string },
      requestId: string,
    ) => ask(target, post(path(trialPaths.revert, id), body, requestId), trialSchema),
    extend: (
      target: AgentTarget,
      id: string,
      body: { secret: string; waitSeconds: number },
      requestId: string,
    ) => ask(target, post(path(trialPaths.extend, id), body, requestId), trialSchema),

    generations: (target: AgentTarget, requestId: string) =>
      ask(target, get(trialPaths.generations, requestId), generationListSchema),
    generation: (target: AgentTarget, number: string, requestId: string) =>
      ask(target, get(path(trialPaths.generation, number), requestId), generationRulesSchema),
    restore: (target: AgentTarget, number: string, requestId: string) =>
      ask(target, get(path(trialPaths.restore, number), requestId), restoreDraftSchema),

    routing: (target: AgentTarget, requestId: string) =>
      ask(target, get(routingPaths.routing, requestId), routingStateSchema),
    routingCheck: (target: AgentTarget, body: RoutingCheck, requestId: string) =>
      ask(target, { ...post(routingPaths.check, body, requestId), reads: true }, routingCheckedSchema),
  };
}
