import { expect, test } from 'vitest';
import { ago, amount, clockTime, countText, dateTime, price, span } from './format.ts';

const seoul = 'Asia/Seoul';
const now = Date.parse('2026-03-10T12:00:00Z');

test('clock times have 24 hours, seconds and the zone', () => {
  expect(clockTime('2026-03-10T14:13:23Z', seoul)).toBe('23:13:23 KST');
  expect(clockTime('2026-03-10T15:00:05Z', seoul)).toBe('00:00:05 KST');
  expect(clockTime('2026-03-10T14:13:23Z', 'UTC')).toBe('14:13:23 UTC');
});

test('dates carry the day of their own zone', () => {
  expect(dateTime('2026-03-10T15:00:05Z', seoul)).toBe('2026-03-11 00:00:05 KST');
});

test('ages are told in the largest unit that fits', () => {
  expect(ago('2026-03-10T11:59:56Z', now, 'ko')).toBe('지금');
  expect(ago('2026-03-10T11:59:56Z', now, 'en')).toBe('now');
  expect(ago('2026-03-10T11:59:55Z', now, 'en')).toBe('5 seconds ago');
  expect(ago('2026-03-10T11:59:48Z', now, 'ko')).toBe('12초 전');
  expect(ago('2026-03-10T11:59:01Z', now, 'en')).toBe('59 seconds ago');
  expect(ago('2026-03-10T11:57:00Z', now, 'ko')).toBe('3분 전');
  expect(ago('2026-03-08T11:00:00Z', now, 'en')).toBe('2 days ago');
});

test('money has its currency and that currency’s digits', () => {
  expect(amount(1209.6, 'KRW', 'ko')).toBe('₩1,210');
  expect(amount(0.355, 'USD', 'en')).toBe('$0.36');
  expect(price(4.2, 'KRW', 'ko')).toBe('₩4.2');
  expect(price(0.005, 'USD', 'en')).toBe('$0.005');
});

test('a clock ahead of ours gives no time to come', () => {
  expect(ago('2026-03-10T12:00:30Z', now, 'ko')).toBe('지금');
});

test('spans have no direction and at least a minute', () => {
  expect(span('2026-02-26T12:00:00Z', now, 'ko')).toBe('12일');
  expect(span('2026-03-10T09:00:00Z', now, 'en')).toBe('3 hours');
  expect(span('2026-03-10T11:59:59Z', now, 'ko')).toBe('1분');
});

test('seconds count as a clock does, with hours where there are any', () => {
  expect([0, 42, 90, 3_599, 3_725].map(countText)).toEqual(['0:00', '0:42', '1:30', '59:59', '1:02:05']);
});
