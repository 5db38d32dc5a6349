import type { FullConfig, Reporter, Suite, TestCase, TestResult, TestStep } from '@playwright/test/reporter';
import { readTarget, refusal, runId } from '../target.ts';
import { redactText } from './redact.ts';
import { keptSecrets } from './secrets.ts';

/**
 * Says before a run what it may change, and takes secrets out of what the reporters after it print and keep. What was
 * recorded in files is cleaned before they copy it, whichever they are (teardown.ts).
 */
export default class RunReporter implements Reporter {
  onBegin(_config: FullConfig, suite: Suite): void {
    const lines = preflight(suite);
    if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
    // nothing has started yet
    if (process.env.MORU_PREFLIGHT === '1') process.exit(0);
  }

  /** What the reporters after this one hold in memory: they are given the same objects. */
  onTestEnd(_test: TestCase, result: TestResult): void {
    const secrets = keptSecrets();
    if (secrets.length === 0) return;
    redactErrors(result, secrets);
    for (const output of [result.stdout, result.stderr]) {
      output.forEach((chunk, index) => {
        output[index] = redactText(chunk.toString(), secrets);
      });
    }
    for (const attachment of result.attachments) {
      if (attachment.body)
        attachment.body = Buffer.from(redactText(attachment.body.toString('latin1'), secrets), 'latin1');
    }
    redactSteps(result.steps, secrets);
  }

  printsToStdio(): boolean {
    return false;
  }
}

/** What a run would do to the installation; of an embedded one, which is thrown away, only when that was asked. */
function preflight(suite: Suite): string[] {
  const target = readTarget(process.env);
  if (!target && process.env.MORU_PREFLIGHT !== '1') return [];
  const flows = suite.allTests().map((flow) => {
    const changes = flow.annotations.flatMap(({ type, description = '' }) =>
      type === 'changes' ? [description] : [],
    );
    return { title: flow.title, changes, refused: refusal(target, { tags: flow.tags, changes }) };
  });
  const running = flows.filter(({ refused }) => refused === null);
  const changing = running.filter(({ changes }) => changes.length > 0);
  if (!target) {
    return [
      `Preflight: ${running.length} flows, each worker against an installation that is removed afterwards.`,
    ];
  }
  return [
    `Preflight: ${target.url}, run ${runId()}, hosts seen by ${target.hosts}.`,
    `  ${running.length} flows run, ${flows.length - running.length} are skipped with their reason.`,
    ...(changing.length === 0 ? ['  Nothing is changed but sessions: each flow signs in and out.'] : []),
    ...changing.map(({ title, changes }) => `  changes ${changes.join(', ')}: ${title}`),
  ];
}

function redactErrors(
  { error, errors = [] }: Pick<TestResult, 'error'> & { errors?: TestResult['errors'] },
  secrets: readonly string[],
): void {
  for (const each of error ? [error, ...errors] : errors) {
    for (const field of ['message', 'stack', 'snippet', 'value'] as const) {
      const text = each[field];
      if (text !== undefined) each[field] = redactText(text, secrets);
    }
  }
}

/** What was typed stands in the title of its step. */
function redactSteps(steps: readonly TestStep[], secrets: readonly string[]): void {
  for (const step of steps) {
    step.title = redactText(step.title, secrets);
    redactErrors(step, secrets);
    redactSteps(step.steps, secrets);
  }
}
