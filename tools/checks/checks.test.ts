import { expect, test } from 'vitest';
import { imports } from './imports.ts';
import { processes } from './processes.ts';
import type { Check, SourceFile } from './sources.ts';
import { exactVersions, fileSizes, machineTraces } from './tidiness.ts';
import { words } from './words.ts';

const texts = (check: Check, ...files: SourceFile[]) => check.run(files).map(({ text }) => text);

test.each([
  ['an app that imports another app', 'apps/bff/src/a.ts', "import { x } from '../../cloud/src/b.ts';", true],
  [
    'a console that imports the cloud’s contract',
    'apps/console/src/a.ts',
    "import { x } from '@moru/kakaocloud';",
    true,
  ],
  ['the same, loaded later', 'apps/console/src/a.ts', "const x = () => import('@moru/kakaocloud');", true],
  ['an import that cannot be read', 'apps/console/src/a.ts', 'const x = (y: string) => import(y);', true],
  ['the engine with a dependency', 'packages/netfilter/src/a.ts', "export { x } from 'zod';", true],
  [
    'a console that imports the engine',
    'apps/console/src/a.ts',
    "import { x } from '@moru/netfilter';",
    false,
  ],
  ['a neighbour', 'apps/bff/src/a/b.ts', "import { x } from '../c.ts';", false],
])('imports: %s', (_name, path, text, refused) => {
  expect(texts(imports, { path, text }).length).toBe(refused ? 1 : 0);
});

test('imports: no index.ts inside an app', () => {
  expect(texts(imports, { path: 'apps/bff/src/session/index.ts', text: '' })).toHaveLength(1);
});

test.each([
  ['a line for a shell', "import { exec } from 'node:child_process'; exec(name);", true],
  ['the same by another name', "import { execSync as run } from 'child_process'; run(name);", true],
  ['everything at once', "import * as all from 'node:child_process'; all.exec(name);", true],
  ['a default import', "import all from 'node:child_process'; all.exec(name);", true],
  ['a shell by option', "import { spawn } from 'node:child_process'; spawn(a, b, { shell: true });", true],
  ['the same by a variable', "import { spawn } from 'node:child_process'; spawn(a, b, { shell });", true],
  ['a list of arguments', "import { spawn, execFile } from 'node:child_process'; spawn(a, [b]);", false],
  ['a shell of the sea', 'export const found = { shell: true };', false],
])('T2: processes: %s', (_name, text, refused) => {
  expect(texts(processes, { path: 'apps/agent/src/a.ts', text }).length).toBe(refused ? 1 : 0);
});

test('file sizes, exact versions, traces of a machine', () => {
  const long = { path: 'apps/bff/src/a.ts', text: 'x;\n'.repeat(401) };
  expect(texts(fileSizes, long, { ...long, text: 'x;\n'.repeat(400) })).toEqual(['401 lines']);
  const manifest = {
    path: 'apps/bff/package.json',
    text: JSON.stringify({ dependencies: { a: '^1.0.0', b: '1.0.0', '@moru/types': '*' } }),
  };
  expect(texts(exactVersions, manifest)).toEqual(['dependencies: a ^1.0.0']);
  expect(texts(machineTraces, { path: 'README.md', text: 'see /home/somebody/notes' })).toHaveLength(1);
});

const catalogue = (language: string, text: string) => ({
  path: `apps/console/src/i18n/${language}.ts`,
  text,
});
const screen = (text: string) => ({ path: 'apps/console/src/screen.tsx', text });

test('words: equal keys, all used, none in the code, no particle after a variable', () => {
  const ko = catalogue('ko', "export const ko = { a: { b: '가' }, c: '{{x}}을 지움' };");
  const en = catalogue('en', "export const en = { a: { b: 'B' }, d: 'D' };");
  const code = screen('export const S = () => <p title="Literal title">{t(\'a.b\')} words</p>;');
  expect(texts(words, ko, en, code).sort()).toEqual(
    [
      "c: particle after a variable: '{{x}}을 지움'",
      'literal text: Literal title',
      'literal text: words',
      'missing: c',
      'missing: d',
      'unused: c',
    ].sort(),
  );
});

test('words: names of the tool stay as they are', () => {
  const ko = catalogue('ko', "export const ko = { a: '가' };");
  const en = catalogue('en', "export const en = { a: 'A' };");
  expect(
    texts(words, ko, en, screen('export const S = () => <p translate="no">{t(\'a\')} filter</p>;')),
  ).toEqual([]);
});
