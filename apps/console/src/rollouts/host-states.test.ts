import type { RolloutHost } from '@moru/types';
import { expect, test } from 'vitest';
import { hostState } from './host-states.ts';

const host = (state: RolloutHost['state'], done: number) => ({
  state,
  steps: ['try', 'prove', 'keep'].map((name, index) => ({
    ...{ name, at: null, state: index < done ? ('done' as const) : ('waiting' as const) },
  })),
});

test('a host under way is told by its step, one at rest by what became of it', () => {
  expect([0, 1, 2].map((done) => hostState(host('running', done)))).toEqual(['trying', 'proving', 'keeping']);
  const ends = ['waiting', 'untouched', 'succeeded', 'failed', 'unknown', 'halfDone'] as const;
  expect(ends.map((state) => hostState(host(state, 1)))).toEqual([
    ...['waiting', 'untouched', 'kept', 'failed', 'unknown', 'unknown'],
  ]);
});
