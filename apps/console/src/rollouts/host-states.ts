import type { RolloutHost } from '@moru/types';
import type { StateKind } from '../ui/badge.tsx';

const running = { try: 'trying', prove: 'proving', keep: 'keeping' } as const;

export type HostState =
  | (typeof running)[keyof typeof running]
  | 'waiting'
  | 'kept'
  | 'failed'
  | 'unknown'
  | 'untouched';

/** How a host of a roll-out stands, by its operation. */
export function hostState({ state, steps }: Pick<RolloutHost, 'state' | 'steps'>): HostState {
  if (state === 'waiting' || state === 'untouched') return state;
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
