// `npm test`: installs what is missing and runs everything. The last line is `N passed, N failed`.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  ensureDebianPackages,
  ensureFaultTools,
  ensureMachineTools,
  ensurePostgres,
  ensureSshServer,
} from './lib/debian.js';
import { ensurePackages, pinnedNode } from './lib/npm.js';
import { ensureOlderNodes } from './lib/older-nodes.js';
import { failureLines, playwrightReport } from './lib/reports.js';
import { root, run, toolEnv } from './lib/run.js';

await ensurePackages();
await ensureDebianPackages([
  'iptables',
  'iproute2',
  'inotify-tools',
  'curl',
  'chromium',
  'fonts-noto-cjk',
  'python3',
  'e2fsprogs',
]);
await ensureSshServer();
await ensureMachineTools();
await ensureFaultTools();
await ensurePostgres();

// while the first steps run, which do without
const olderNodes = ensureOlderNodes();

const node = pinnedNode();
const bin = (path) => join(root, 'node_modules', path);
const reports = join(root, '.moru', 'reports');
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const turbo = [bin('turbo/bin/turbo'), 'run', '--output-logs=errors-only', '--no-update-notifier'];
const vitest = (project) => ({
  name: project,
  args: [bin('vitest/vitest.mjs'), 'run', '--project', project],
  env: { MORU_TEST_REPORT: join(reports, `${project}.json`) },
  report: `${project}.json`,
});

/**
 * In order of cost: what breaks first is told first. `report` names the file that holds a runner's counts, as
 * lib/vitest-report.js writes them or `read` makes them.
 */
const steps = [
  { name: 'types', args: [...turbo, 'typecheck'] },
  { name: 'types of tools', args: [bin('typescript/bin/tsc'), '-p', 'tools'] },
  { name: 'lint', args: [bin('@biomejs/biome/bin/biome'), 'ci', '--colors=off', '.'] },
  { name: 'dead code', args: [bin('knip/bin/knip.js')] },
  { name: 'architecture', args: ['tools/check.ts'], closingLine: true },
  { name: 'build', args: [...turbo, 'build'] },
  { name: 'bytes', args: [bin('size-limit/bin.js')] },
  vitest('unit'),
  vitest('hosts'),
  {
    name: 'flows',
    args: [bin('@playwright/test/cli.js'), 'test'],
    env: { MORU_FLOWS_JSON: join(reports, 'flows.json'), MORU_FLOWS_PREPARED: '1' },
    report: 'flows.json',
    read: playwrightReport,
  },
];

const only = process.argv.slice(2);
const unknown = only.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`no such step: ${unknown.join(', ')}; there are ${steps.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const wanted = steps.filter(({ name }) => only.length === 0 || only.includes(name));
if (wanted.some(({ name }) => name === 'hosts')) {
  // a minute, mostly of waiting for a mirror and a disk: while the first steps run
  void run(node, ['packages/hosts/src/testing/make-image.ts'], { env: toolEnv(), stdio: 'ignore' });
}
const results = [];
for (const step of wanted) {
  console.log(`\n── ${step.name}`);
  if (step.report) await olderNodes;
  const started = performance.now();
  const counts = await execute(step);
  results.push({ name: step.name, seconds: (performance.now() - started) / 1000, ...counts });
}

const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
for (const { name, failures } of results) {
  for (const line of failureLines(name, failures ?? [])) console.log(line);
}
console.log('');
for (const { name, passed, failed, skipped, seconds } of results) {
  const left = skipped ? `, ${skipped} skipped` : '';
  console.log(
    `${failed ? 'FAIL' : 'ok  '} ${name.padEnd(16)} ${seconds.toFixed(1).padStart(6)} s  ${passed} passed, ${failed} failed${left}`,
  );
}
console.log(`\n${total('passed')} passed, ${total('failed')} failed`);
process.exit(total('failed') === 0 ? 0 : 1);

async function execute(step) {
  const env = { ...toolEnv(), ...step.env };
  if (step.closingLine) return countClosingLine(await capture(step.args, env));
  const code = await run(node, step.args, { env });
  if (!step.report) return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  const path = join(reports, step.report);
  const read = step.read ?? ((report) => report);
  const counts = existsSync(path)
    ? read(JSON.parse(readFileSync(path, 'utf8')))
    : { passed: 0, failed: 0, skipped: 0, failures: [] };
  // a runner that ran nothing proves nothing, and one that fails without a failed test is a failure all the same
  if (counts.failed === 0 && (code !== 0 || counts.passed === 0)) {
    counts.failed = 1;
    counts.failures.push({ name: '(the runner)', error: `ended with exit code ${code} and no failed test` });
  }
  return counts;
}

function capture(args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      process.stdout.write(chunk);
    });
    child.once('error', reject);
    child.once('exit', () => resolve(text));
  });
}

function countClosingLine(text) {
  const match = /(\d+) passed, (\d+) failed\s*$/.exec(text);
  return match
    ? { passed: Number(match[1]), failed: Number(match[2]), skipped: 0 }
    : { passed: 0, failed: 1, skipped: 0 };
}
