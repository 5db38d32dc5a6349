import { type Problem, problemOf, type RolloutHost } from '@moru/types';
import { expect, test } from 'vitest';
import { hostState } from './host-states.ts';

/** `done` steps are behind it, and it is at the next one. */
const host = (state: RolloutHost['state'], done: number, problem: Problem | null = null) => ({
  ...{ state, problem },
  steps: ['try', 'prove', 'keep'].map((name, index) => ({
    ...{ name, at: null },
    state: index < done ? ('done' as const) : index === done ? ('running' as const) : ('waiting' as const),
  })),
});

test('a host under way is told by its step, one at rest by what became of it', () => {
  expect([-1, 0, 1, 2].map((done) => hostState(host('running', done)))).toEqual([
    ...['waiting', 'trying', 'proving', 'keeping'],
  ]);
  const ends = ['waiting', 'untouched', 'succeeded', 'failed', 'unknown', 'halfDone'] as const;
  expect(ends.map((state) => hostState(host(state, 1)))).toEqual([
    ...['waiting', 'untouched', 'kept', 'failed', 'unknown', 'unknown'],
  ]);
});

test('one that had its turn after the stop was not touched; one that had been tried went back', () => {
  const stopped = problemOf('rollout.stopped');
  expect(hostState(host('failed', 0, stopped))).toBe('untouched');
  expect(hostState(host('failed', 1, stopped))).toBe('failed');
  expect(hostState(host('failed', 0, problemOf('revision.stale')))).toBe('failed');
});
