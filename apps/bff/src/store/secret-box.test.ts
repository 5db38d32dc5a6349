import { expect, test } from 'vitest';
import { createSecretBox } from './secret-box.ts';

test('a sealed secret opens with its key and its context only, unchanged', () => {
  const key = Buffer.alloc(32, 1);
  const box = createSecretBox(key);
  const sealed = box.seal('비밀 token', 'row-1');
  expect(box.open(sealed, 'row-1')).toBe('비밀 token');
  expect(box.seal('비밀 token', 'row-1')).not.toEqual(sealed);
  expect(() => box.open(sealed, 'row-2')).toThrow();
  expect(() => createSecretBox(Buffer.alloc(32, 2)).open(sealed, 'row-1')).toThrow();
  for (let index = 0; index < sealed.length; index += 1) {
    const changed = Buffer.from(sealed);
    changed[index] = (changed[index] ?? 0) ^ 1;
    expect(() => box.open(changed, 'row-1')).toThrow();
  }
  expect(() => box.open(sealed.subarray(0, 20), 'row-1')).toThrow();
});
