import { apiPaths, type TrialProbes, type TrialStart, type TrialView } from '@moru/types';
import { queryOptions } from '@tanstack/react-query';
import { get, post } from '../http/client.ts';

// what a person waits for; the host's own deadline is what counts
const runningMs = 1_500;
const restMs = 15_000;

/** Whether the host has not decided yet. */
export function isRunning({ trial }: TrialView): boolean {
  return trial === null || ['armed', 'applied', 'reverting'].includes(trial.state);
}

export function currentTrialQuery(instanceId: string) {
  return queryOptions({
    queryKey: ['trial', instanceId],
    queryFn: async ({ signal }) =>
      (await get<{ trial: TrialView | null }>(apiPaths.currentTrial(instanceId), undefined, signal)).trial,
    refetchInterval: (query) => (query.state.data ? runningMs : restMs),
  });
}

/** One trial by its id, also after its end: the host's record says how it ended. */
export function trialQuery(instanceId: string, trialId: string) {
  return queryOptions({
    queryKey: ['trial', instanceId, trialId],
    queryFn: ({ signal }) => get<TrialView>(apiPaths.trial(instanceId, trialId), undefined, signal),
    refetchInterval: (query) => (query.state.data && !isRunning(query.state.data) ? false : runningMs),
  });
}

export function probesQuery(instanceId: string, trialId: string, enabled: boolean) {
  return queryOptions({
    queryKey: ['trial-probes', instanceId, trialId],
    queryFn: ({ signal }) => get<TrialProbes>(apiPaths.trialProbes(instanceId, trialId), undefined, signal),
    refetchInterval: runningMs,
    enabled,
    gcTime: 0,
  });
}

export const trialActions = {
  start: (instanceId: string, body: TrialStart) => post<TrialView>(apiPaths.instanceTrials(instanceId), body),
  confirm: (instanceId: string, trialId: string) =>
    post<TrialView>(apiPaths.trialConfirm(instanceId, trialId), {}),
  revert: (instanceId: string, trialId: string, reason: 'asked' | 'probe' = 'asked') =>
    post<TrialView>(apiPaths.trialRevert(instanceId, trialId), { reason }),
  extend: (instanceId: string, trialId: string, waitSeconds: number) =>
    post<TrialView>(apiPaths.trialExtend(instanceId, trialId), { waitSeconds }),
};
