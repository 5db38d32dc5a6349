import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLog } from './log-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'moru-log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a log is cut at its limit, with one older part kept', () => {
  const path = join(folder, 'a.log');
  const log = openLog(path, 10);
  for (const line of ['first line\n', 'second line\n', 'third\n']) log.write(line);
  log.close();
  expect(readFileSync(`${path}.old`, 'utf8')).toBe('second line\n');
  expect(readFileSync(path, 'utf8')).toBe('third\n');
});

test('a full disk loses lines and nothing else', () => {
  const path = join(folder, 'a.log');
  symlinkSync('/dev/full', path);
  const log = openLog(path);
  expect(() => log.write(Buffer.from('lost\n'))).not.toThrow();
  log.close();
  expect(() => log.write('after the end\n')).not.toThrow();
});

test('a folder that is not there is no reason to stop', () => {
  const log = openLog(join(folder, 'missing', 'a.log'));
  expect(() => log.write('lost\n')).not.toThrow();
  expect(existsSync(join(folder, 'missing'))).toBe(false);
});
