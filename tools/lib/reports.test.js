import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureLines, playwrightReport } from './reports.js';
import { root } from './run.js';

/** What a run can fail at besides an assertion: each has to be told by name. */
const broken = {
  'hook.test.js': `
    import { beforeAll, describe, it } from 'vitest';
    describe('a host', () => {
      beforeAll(() => { throw new Error('no host'); });
      it('is read', () => {});
    });`,
  'file.test.js': `throw new Error('no file');`,
  'tests.test.js': `
    import { expect, it } from 'vitest';
    it('holds', () => {});
    it('is equal', () => expect({ a: 1 }).toEqual({ a: 2 }));
    it('ends', () => new Promise(() => {}), 50);
    it.skip('is left out', () => {});
    it('throws later', async () => {
      setTimeout(() => { throw new Error('stray'); });
      await new Promise((resolve) => setTimeout(resolve, 20));
    });`,
};

let folder;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'moru-reports-'));
  for (const [name, text] of Object.entries(broken)) writeFileSync(join(folder, name), text);
  const report = JSON.stringify(join(root, 'tools/lib/vitest-report.js'));
  writeFileSync(
    join(folder, 'vitest.config.js'),
    `import { VitestReport } from ${report};
     export default { test: { reporters: [new VitestReport(${JSON.stringify(join(folder, 'report.json'))})] } };`,
  );
  // the files look for vitest from where they are
  spawnSync('ln', ['-s', join(root, 'node_modules'), folder]);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a run that fails in every way tells each by its name, with its words', () => {
  const { status } = spawnSync(process.execPath, [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--root',
    folder,
  ]);
  expect(status).toBe(1);
  const { failures, ...counts } = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
  expect(counts).toEqual({ passed: 2, failed: 5, skipped: 2 });
  const told = failureLines('unit', failures).join('\n');
  for (const name of [
    'hook.test.js > a host',
    'file.test.js',
    'tests.test.js > is equal',
    'tests.test.js > ends',
  ]) {
    expect(told).toMatch(new RegExp(`^FAIL unit: .*${name}$`, 'm'));
  }
  for (const words of [
    'no host',
    'no file',
    'to deeply equal',
    'timed out in 50',
    '(outside of a test)\n     stray',
  ]) {
    expect(told).toContain(words);
  }
}, 60_000);

test('a flow that failed, or that only a second try passed, is told with the file and its words', () => {
  const flow = (status, message) => ({ status, results: [{ errors: message ? [{ message }] : [] }] });
  const suites = [
    {
      title: 'job.flow.ts',
      specs: [{ title: 'signs in', tests: [flow('expected')] }],
      suites: [
        {
          title: 'a member',
          specs: [
            { title: 'sees', tests: [flow('unexpected', '\u001b[31mno row\u001b[0m\n\n  at x')] },
            { title: 'filters', tests: [flow('flaky', 'late')] },
          ],
        },
      ],
    },
  ];
  const stats = { expected: 1, unexpected: 1, flaky: 1, skipped: 0 };
  const { failures, ...counts } = playwrightReport({ stats, suites, errors: [{ message: 'no browser' }] });
  expect(counts).toEqual({ passed: 1, failed: 3, skipped: 0 });
  expect(failureLines('flows', failures)).toEqual([
    '',
    'FAIL flows: job.flow.ts > a member > sees',
    '     no row',
    '       at x',
    '',
    'FAIL flows: job.flow.ts > a member > filters',
    '     late',
    '',
    'FAIL flows: (outside of a test)',
    '     no browser',
  ]);
});

test('an error without end is cut', () => {
  const [, , ...shown] = failureLines('unit', [{ name: 'x', error: `${'y'.repeat(1000)}\n`.repeat(100) }]);
  expect(shown).toHaveLength(13);
  expect(shown.join('').length).toBeLessThan(3000);
});

test('what flows opened, and none looked at with axe, is a failure; after a failed flow nobody can say', () => {
  const spec = (...annotations) => ({ title: 'a flow', tests: [{ status: 'expected', annotations }] });
  const suites = [
    { title: 'a', specs: [spec({ type: 'opened', description: 'page /, dialog enrol, menu connect' })] },
    {
      title: 'b',
      suites: [
        { title: 'c', specs: [spec({ type: 'looked at with axe', description: 'page /, menu connect' })] },
      ],
    },
  ];
  const stats = { expected: 2, unexpected: 0, flaky: 0, skipped: 0 };
  const { failures, ...counts } = playwrightReport({ stats, errors: [], suites });
  expect(counts).toEqual({ passed: 2, failed: 1, skipped: 0 });
  expect(failures.map(({ name }) => name)).toEqual(['dialog enrol']);
  expect(playwrightReport({ stats: { ...stats, unexpected: 1 }, errors: [], suites }).failed).toBe(1);
});
