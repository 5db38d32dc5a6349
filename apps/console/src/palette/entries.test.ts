import { expect, test } from 'vitest';
import { findEntries, type PaletteEntry } from './entries.ts';

const entry = (id: string, label: string, more: Partial<PaletteEntry> = {}): PaletteEntry => ({
  id,
  group: 'pages',
  label,
  run: () => {},
  ...more,
});
const entries = [
  entry('routing', 'web-02', { detail: '라우팅', words: 'routing 198.168.0.11' }),
  entry('firewall', 'web-02', { detail: '방화벽', words: 'firewall 198.168.0.11' }),
  entry('tasks', '진행 작업'),
];
const found = (typed: string) => findEntries(entries, typed).map(({ id }) => id);

test('every typed word must stand somewhere, in any order, also decomposed Hangul', () => {
  expect(found('')).toEqual(['routing', 'firewall', 'tasks']);
  expect(found('WEB')).toEqual(['routing', 'firewall']);
  expect(found('라우팅 web')).toEqual(['routing']);
  expect(found('방화벽'.normalize('NFD'))).toEqual(['firewall']);
  expect(found('198.168')).toEqual(['routing', 'firewall']);
  expect(found('web nothing')).toEqual([]);
});
