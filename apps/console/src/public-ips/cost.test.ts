import { expect, test } from 'vitest';
import { costUntil } from './cost.ts';

const price = { perHour: 4, currency: 'KRW' };
const at = (time: string) => Date.parse(`2026-03-10T${time}Z`);

test('each begun hour is counted, also where the two clocks differ', () => {
  const cost = (time: string) => costUntil(at(time), '2026-03-10T12:00:00Z', price);
  expect([cost('12:00:01'), cost('13:00:00'), cost('13:00:01'), cost('11:59:00')]).toEqual([4, 4, 8, 4]);
});
