import { expect, test } from 'vitest';
import { countText } from '../i18n/format.ts';
import { isSaid, secondsLeft } from './countdown.ts';

const deadline = '2026-03-10T14:14:05.000Z';
const at = (ms: number) => Date.parse(deadline) - ms;

test.each([
  [42_000, 42, '0:42'],
  [41_001, 42, '0:42'],
  [90_000, 90, '1:30'],
  [0, 0, '0:00'],
  [-5_000, 0, '0:00'],
])('%d ms before the deadline there are %d seconds, %s', (ms, seconds, text) => {
  expect(secondsLeft(deadline, at(ms))).toBe(seconds);
  expect(countText(seconds)).toBe(text);
});

test('the time left is said at 60, 30 and 10 seconds only', () => {
  const said = Array.from({ length: 90 }, (_, index) => 90 - index).filter((now) => isSaid(now + 1, now));
  expect(said).toEqual([60, 30, 10]);
  expect(isSaid(95, 25)).toBe(true);
});
