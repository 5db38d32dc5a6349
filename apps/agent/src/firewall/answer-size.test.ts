import type { FirewallChain } from '@moru/types';
import { expect, it } from 'vitest';
import { withinAnswer } from './answer-size.ts';

const chain = (name: string, count: number): FirewallChain => ({
  ...{ name, builtIn: true, policy: 'ACCEPT', packets: '0', bytes: '0', owner: 'moru' },
  rules: Array.from({ length: count }, (_, index) => ({
    ...{ number: index + 1, text: `-s 10.0.0.${index}/32 -j DROP`, packets: '0', bytes: '0' },
  })),
});

it('lists everything where it fits', () => {
  const tables = [{ chains: [chain('INPUT', 100), chain('FORWARD', 0)] }];
  expect(withinAnswer(tables)).toEqual(tables);
});

it('leaves out what does not fit, tells how much, and stays within what it was given', () => {
  const tables = [{ chains: [chain('INPUT', 100), chain('FORWARD', 50)] }];
  const [table] = withinAnswer(tables, 8_000);
  const [input, forward] = table?.chains ?? [];
  expect(input?.rules.length).toBeGreaterThan(10);
  expect((input?.rules.length ?? 0) + (input?.omitted ?? 0)).toBe(100);
  expect(forward).toMatchObject({ rules: [], omitted: 50 });
  expect(JSON.stringify(table).length).toBeLessThan(9_000);
});
