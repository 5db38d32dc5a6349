import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from './lock.js';

let folder;
let path;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'moru-lock-'));
  path = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('one task at a time, also after one that failed, and nothing is left', async () => {
  let inside = 0;
  let most = 0;
  const task = async (fails) => {
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside -= 1;
    if (fails) throw new Error('failed');
  };
  const results = await Promise.allSettled([
    withLock(path, () => task(true)),
    withLock(path, () => task(false)),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  expect(most).toBe(1);
  expect(existsSync(path)).toBe(false);
});

test('a lock whose holder is gone is taken over', async () => {
  const { pid } = spawnSync('true');
  writeFileSync(path, String(pid));
  expect(await withLock(path, async () => 'done')).toBe('done');
});
