import { expect, test } from 'vitest';
import { stateOf } from '../testing/state.ts';
import { countersOf } from './counters.ts';

test('a rule’s counters are one object for one reading, or every row would be painted anew at each step of a scroll', () => {
  const state = stateOf({ INPUT: ['-j ACCEPT', '-j DROP'] });
  const counters = countersOf({ last: state, before: null }, 'filter', 'INPUT');
  expect(counters.rule(1)).toMatchObject({ short: '123K', exact: '123456', perSecond: null });
  expect(counters.rule(1)).toBe(counters.rule(1));
  expect(counters.rule(3)).toBeNull();
});
