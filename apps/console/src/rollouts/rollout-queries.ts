import {
  apiPaths,
  type InstanceList,
  type Operation,
  type Rollout,
  type RolloutPlan,
  type RolloutPlanRequest,
  type RolloutStart,
  rolloutLimits,
} from '@moru/types';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Attempt } from '../http/attempt.ts';
import { create, get, post } from '../http/client.ts';

// events tell of each step; this is for a browser that hears none
const runningMs = 3_000;
const restMs = 30_000;

export function rolloutQuery(rolloutId: string) {
  return queryOptions({
    queryKey: ['rollouts', rolloutId],
    queryFn: ({ signal }) => get<Rollout>(apiPaths.rollout(rolloutId), undefined, signal),
    refetchInterval: (query) => (query.state.data?.state === 'running' ? runningMs : restMs),
  });
}

/** As many hosts as one roll-out takes, by text. */
export function hostsQuery(text: string) {
  const q = text.trim();
  const params = { sort: 'name', limit: rolloutLimits.hosts, ...(q ? { q } : {}) };
  return queryOptions({
    queryKey: ['instances', 'rollout', params],
    queryFn: ({ signal }) => get<InstanceList>(apiPaths.instances, params, signal),
    placeholderData: keepPreviousData,
  });
}

export const planRollout = (request: RolloutPlanRequest) => post<RolloutPlan>(apiPaths.rolloutPlan, request);

export const startRollout = (start: RolloutStart, attempt: Attempt) =>
  create<Rollout>(apiPaths.rollouts, start, attempt);

export const decideRollout = {
  stop: (id: string) => post<Rollout>(apiPaths.rolloutStop(id), {}),
  continue: (id: string) => post<Rollout>(apiPaths.rolloutContinue(id), {}),
  /** looks once more at a host of which nobody knows what became of it */
  again: (operationId: string) => post<Operation>(apiPaths.operationContinue(operationId), {}),
};
