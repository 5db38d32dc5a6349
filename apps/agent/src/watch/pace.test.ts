import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Pace } from './pace.ts';

let looks = 0;
let pace: Pace;

beforeEach(() => {
  vi.useFakeTimers();
  looks = 0;
  pace = new Pace(async () => {
    looks += 1;
  });
});
afterEach(() => {
  pace.close();
  vi.useRealTimers();
});

it('looks once for several signs of one change', async () => {
  pace.hurry();
  pace.hurry();
  await vi.advanceTimersByTimeAsync(200);
  pace.hurry();
  await vi.advanceTimersByTimeAsync(400);
  expect(looks).toBe(2);
});

it('does not look while something is being changed here, and does once it was', async () => {
  const changed = pace.hold();
  pace.hurry();
  await vi.advanceTimersByTimeAsync(1_500);
  expect(looks).toBe(0);
  changed();
  await vi.advanceTimersByTimeAsync(200);
  expect(looks).toBe(1);
});

it('waits for the last of several changes', async () => {
  const [first, second] = [pace.hold(), pace.hold()];
  first();
  first();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(looks).toBe(0);
  second();
  await vi.advanceTimersByTimeAsync(200);
  expect(looks).toBe(1);
});

it('looks at what goes on beside a change that takes long', async () => {
  pace.hold();
  pace.hurry();
  await vi.advanceTimersByTimeAsync(2_500);
  expect(looks).toBe(1);
});
