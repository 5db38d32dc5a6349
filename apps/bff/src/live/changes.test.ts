import { expect, test } from 'vitest';
import { rememberRows } from './changes.ts';

test('tells what is new, other or gone, and nothing of a first look', () => {
  const list = rememberRows<{ id: string; status: string }>();
  const [a, b] = [
    { id: 'a', status: 'active' },
    { id: 'b', status: 'active' },
  ];
  expect(list.compare([a, b])).toBeNull();
  expect(list.compare([a, b])).toEqual({ changed: [], gone: [] });
  const stopped = { ...a, status: 'stopped' };
  const added = { id: 'c', status: 'spawning' };
  expect(list.compare([stopped, added])).toEqual({ changed: [stopped, added], gone: ['b'] });
});
