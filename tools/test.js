// `npm test`: installs what is missing and runs everything. The last line is `N passed, N failed`.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDebianPackages, ensureMachineTools, ensureSshServer } from './lib/debian.js';
import { ensurePackages, pinnedNode } from './lib/npm.js';
import { root, run, toolEnv } from './lib/run.js';

await ensurePackages();
await ensureDebianPackages(['iptables', 'iproute2', 'curl', 'chromium', 'fonts-noto-cjk', 'python3']);
await ensureSshServer();
await ensureMachineTools();

const node = pinnedNode();
const bin = (path) => join(root, 'node_modules', path);
const reports = join(root, '.moru', 'reports');
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const turbo = [bin('turbo/bin/turbo'), 'run', '--output-logs=errors-only', '--no-update-notifier'];
const vitest = (project) => [
  bin('vitest/vitest.mjs'),
  'run',
  '--project',
  project,
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${join(reports, `${project}.json`)}`,
];

/** In order of cost: what breaks first is told first. `report` names the file that holds a runner's counts. */
const steps = [
  { name: 'types', args: [...turbo, 'typecheck'] },
  { name: 'types of tools', args: [bin('typescript/bin/tsc'), '-p', 'tools'] },
  { name: 'lint', args: [bin('@biomejs/biome/bin/biome'), 'ci', '--colors=off', '.'] },
  { name: 'dead code', args: [bin('knip/bin/knip.js')] },
  { name: 'architecture', args: ['tools/check.ts'], closingLine: true },
  { name: 'build', args: [...turbo, 'build'] },
  { name: 'bytes', args: [bin('size-limit/bin.js')] },
  { name: 'unit', args: vitest('unit'), report: 'unit.json', counts: countVitest },
  { name: 'hosts', args: vitest('hosts'), report: 'hosts.json', counts: countVitest },
  {
    name: 'flows',
    args: [bin('@playwright/test/cli.js'), 'test'],
    env: { MORU_FLOWS_JSON: join(reports, 'flows.json') },
    report: 'flows.json',
    counts: countPlaywright,
  },
];

const only = process.argv.slice(2);
const unknown = only.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`no such step: ${unknown.join(', ')}; there are ${steps.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const results = [];
for (const step of steps.filter(({ name }) => only.length === 0 || only.includes(name))) {
  console.log(`\n── ${step.name}`);
  const started = performance.now();
  const counts = await execute(step);
  results.push({ name: step.name, seconds: (performance.now() - started) / 1000, ...counts });
}

const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
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
  const counts = existsSync(path)
    ? step.counts(JSON.parse(readFileSync(path, 'utf8')))
    : { passed: 0, failed: 0, skipped: 0 };
  // a runner that ran nothing proves nothing
  if (counts.passed + counts.failed === 0) counts.failed = 1;
  // a runner that fails without a failed test (a crash, an unhandled error) is a failure all the same
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
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

function countVitest(report) {
  return {
    passed: report.numPassedTests,
    failed:
      report.numFailedTests +
      report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
        .length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function countPlaywright({ stats, errors }) {
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
  };
}
