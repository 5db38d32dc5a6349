import { expect, test } from 'vitest';
import { type RolloutCourse, type RolloutItem, turnOf, waveOf, wavesOf } from './course.ts';

const at = '2026-11-28T12:00:00.000Z';
const course = (more: Partial<RolloutCourse> = {}): RolloutCourse => ({
  ...{ kind: 'copy', source: null, undoes: null, waveSize: 2, waves: 3, pauseAfterCanary: false },
  ...{ waitSeconds: 90, note: '', save: false, wave: 0, looked: false, stop: null, ...more },
});
const items = (...states: RolloutItem['state'][]): RolloutItem[] =>
  states.map((state, place) => ({ state, wave: waveOf(place, 2) }));

test('one host goes first, the others by as many as were wanted', () => {
  expect([0, 1, 2, 3, 4, 5].map((place) => waveOf(place, 2))).toEqual([0, 1, 1, 2, 2, 3]);
  expect([1, 2, 3, 4, 6].map((hosts) => wavesOf(hosts, 2))).toEqual([1, 2, 2, 3, 4]);
});

test('a wave begins when all of the one before have succeeded', () => {
  const waiting = items('running', 'waiting', 'waiting', 'waiting');
  expect(turnOf(course(), waiting, at)).toMatchObject({ state: 'running', begins: null });
  const canary = items('succeeded', 'waiting', 'waiting', 'waiting');
  expect(turnOf(course(), canary, at)).toMatchObject({ begins: 1, course: { wave: 1 } });
  const half = items('succeeded', 'succeeded', 'running', 'waiting');
  expect(turnOf(course({ wave: 1 }), half, at)).toMatchObject({ state: 'running', begins: null });
  const all = items('succeeded', 'succeeded', 'succeeded', 'succeeded');
  expect(turnOf(course({ wave: 2 }), all, at)).toMatchObject({ state: 'succeeded', letsGo: false });
});

test('it waits after the canary where somebody wants to look, once', () => {
  const canary = items('succeeded', 'waiting', 'waiting');
  expect(turnOf(course({ pauseAfterCanary: true }), canary, at)).toMatchObject({ state: 'paused' });
  expect(turnOf(course({ pauseAfterCanary: true, looked: true }), canary, at)).toMatchObject({ begins: 1 });
});

test.each(['failed', 'unknown', 'halfDone'] as const)(
  'a host that is %s lets go of all that wait',
  (state) => {
    const met = items('succeeded', state, 'running', 'waiting');
    const turn = turnOf(course({ wave: 1 }), met, at);
    expect(turn).toMatchObject({
      state: 'running',
      letsGo: true,
      begins: null,
      course: { stop: { why: 'failed' } },
    });
    const ended = items('succeeded', state, 'failed', 'untouched');
    expect(turnOf(turn.course, ended, at)).toMatchObject({ state: 'failed', problem: 'rollout.hostFailed' });
  },
);

test('stopped by somebody: what waits is let go, and it ends as such unless everything was done by then', () => {
  const stopped = course({ wave: 1, stop: { why: 'asked', by: 'kim', at } });
  expect(turnOf(stopped, items('succeeded', 'running', 'waiting'), at)).toMatchObject({
    ...{ state: 'running', letsGo: true, problem: 'rollout.stopped' },
  });
  expect(turnOf(stopped, items('succeeded', 'succeeded', 'untouched'), at)).toMatchObject({
    state: 'failed',
  });
  expect(turnOf(stopped, items('succeeded', 'succeeded'), at)).toMatchObject({
    state: 'succeeded',
    problem: null,
  });
});
