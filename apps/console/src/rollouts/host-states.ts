import type { ProblemCode, RolloutHost } from '@moru/types';
import type { StateKind } from '../ui/badge.tsx';

const running = { try: 'trying', prove: 'proving', keep: 'keeping' } as const;

const stops: ReadonlySet<ProblemCode> = new Set(['rollout.stopped', 'rollout.hostFailed']);

export type HostState =
  | (typeof running)[keyof typeof running]
  | 'waiting'
  | 'kept'
  | 'failed'
  | 'unknown'
  | 'untouched';

/** How a host of a roll-out stands, by its operation. */
export function hostState({
  state,
  steps,
  problem,
}: Pick<RolloutHost, 'state' | 'steps' | 'problem'>): HostState {
  if (state === 'waiting' || state === 'untouched') return state;
  const untried = steps[0]?.state !== 'done';
  // its wave has begun, but so many others were before it
  if (state === 'running' && steps[0]?.state === 'waiting') return 'waiting';
  if (state === 'failed' && untried && problem && stops.has(problem.code)) return 'untouched';
  if (state === 'succeeded') return 'kept';
  if (state === 'unknown' || state === 'halfDone') return 'unknown';
  if (state !== 'running') return 'failed';
  const step = steps.find((each) => each.state !== 'done')?.name;
  return running[step as keyof typeof running] ?? 'trying';
}

export const hostLooks: Record<HostState, StateKind> = {
  waiting: 'off',
  trying: 'changing',
  proving: 'changing',
  keeping: 'changing',
  kept: 'calm',
  failed: 'lost',
  unknown: 'unknown',
  untouched: 'off',
};
