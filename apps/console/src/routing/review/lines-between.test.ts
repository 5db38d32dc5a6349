import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesBetween } from './lines-between.ts';

const printed = (before: string, after: string) =>
  linesBetween(before, after).map(
    ({ change, text }) => `${{ same: ' ', removed: '-', added: '+' }[change]}${text}`,
  );

test('a line that goes, one that comes and those around them', () => {
  expect(
    printed('auto eth1\niface eth1\n  gateway 10.10.0.1\n', 'auto eth1\n# by Moru\niface eth1\n'),
  ).toEqual([' auto eth1', '+# by Moru', ' iface eth1', '-  gateway 10.10.0.1']);
  expect(printed('', 'a\nb\n')).toEqual(['+a', '+b']);
  expect(printed('a\n', '')).toEqual(['-a']);
});

test('from any difference both texts come back', () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
    .map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = linesBetween(before, after);
      const side = (gone: 'added' | 'removed') =>
        lines.flatMap(({ change, text: line }) => (change === gone ? [] : [line]));
      const plain = (whole: string) => (whole === '' ? [] : whole.replace(/\n$/, '').split('\n'));
      expect(side('added')).toEqual(plain(before));
      expect(side('removed')).toEqual(plain(after));
    }),
  );
});
