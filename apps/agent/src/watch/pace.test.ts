import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Pace, retryMs } from './pace.ts';

let looks = 0;
let pace: Pace;
let retry: number;

beforeEach(() => {
  vi.useFakeTimers();
  looks = 0;
  retry = Number.POSITIVE_INFINITY;
  pace = new Pace(async () => {
    looks += 1;
    return retry;
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

it('looks again soon at what could not be looked at, and no more often than without that once it stays so', async () => {
  retry = retryMs(1);
  pace.hurry();
  await vi.advanceTimersByTimeAsync(200);
  expect(looks).toBe(1);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(looks).toBe(2);
  retry = retryMs(2_000);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(looks).toBe(3);
  await vi.advanceTimersByTimeAsync(299_000);
  expect(looks).toBe(3);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(looks).toBe(4);
  expect(retryMs(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
});
