import { expect, test } from 'vitest';
import { chosenRules, copySearch, printRules } from './copy-search.ts';

test('rules that were chosen in the grid come along in the address; anything else is left out', () => {
  const rules = printRules('filter', 'INPUT', [3, 12]);
  expect(copySearch({ rules })).toEqual({ rules: 'filter INPUT 3,12' });
  expect([...chosenRules({ rules })]).toEqual(['filter INPUT 3', 'filter INPUT 12']);
  for (const wrong of [undefined, 3, 'filter INPUT', 'filter INPUT x', 'a b 1,']) {
    expect(copySearch({ rules: wrong })).toEqual({});
  }
  expect(chosenRules({}).size).toBe(0);
});
