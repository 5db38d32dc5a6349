import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printable, printableDetail } from './printable.ts';

test('T12: no text keeps a character that moves the cursor or breaks a line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
      const shown = printable(text);
      expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
      expect(shown.length).toBeLessThanOrEqual(8_100);
    }),
  );
});

test('of a long text beginning, end and SHA-256 are kept', () => {
  const text = `-s 192.0.2.1/32 ${'-m comment --comment x '.repeat(150)}-j ACCEPT`;
  const other = text.replace('comment x -m comment --comment x', 'comment x -m comment --comment y');
  const shown = printable(text);
  expect(shown).toMatch(/^-s 192\.0\.2\.1\/32 .* -j ACCEPT$/);
  expect(shown).toContain(createHash('sha256').update(text).digest('hex'));
  expect(shown.length).toBeLessThan(1_200);
  expect(printable(other)).not.toBe(shown);
  expect(printable(text.slice(0, 1_000))).toBe(text.slice(0, 1_000));
});

test('wide and deep details are cut', () => {
  let deep: Record<string, unknown> = { end: true };
  for (let level = 0; level < 50; level += 1) deep = { deep };
  const shown = printableDetail({ deep, wide: Array(1_000).fill('x'), long: 'y'.repeat(100_000) });
  expect(JSON.stringify(shown).length).toBeLessThan(3_000);
});
