import { expect, test } from 'vitest';
import { outcomeOf, type Seen } from './course.ts';

const at = (status: string, task: string | null = null): Seen => ({ status, task });

test.each([
  ['start', at('stopped'), false, 0, 'running'],
  ['start', at('stopped', 'powering-on'), true, 900, 'running'],
  ['start', at('active'), true, 2_000, 'done'],
  ['stop', at('active', 'powering-off'), true, 900, 'running'],
  ['stop', at('stopped'), false, 900, 'done'],
  ['delete', at('active', 'deleting'), true, 900, 'running'],
  ['delete', 'gone', true, 900, 'done'],
  ['create', 'gone', true, 900, 'failed'],
  ['rebuild', at('error'), true, 900, 'failed'],
] as const)('%s: seen as %o the order is as it should be', (order, seen, begun, since, outcome) => {
  expect(outcomeOf(order, seen, begun, since)).toBe(outcome);
});

test('a reboot ends where it began: a rest that nothing came before is not yet the end', () => {
  expect(outcomeOf('hardReboot', at('active'), false, 900)).toBe('running');
  expect(outcomeOf('hardReboot', at('active'), true, 900)).toBe('done');
  expect(outcomeOf('hardReboot', at('active'), false, 6_000)).toBe('done');
});
