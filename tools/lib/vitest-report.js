import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { root } from './run.js';

/**
 * Writes what `npm test` tells at its end: `{ passed, failed, skipped, failures: [{ name, error }] }`. Vitest's own
 * report knows nothing of a hook that failed, of an error outside every test, nor of a worker that died.
 */
export class VitestReport {
  constructor(path) {
    this.path = path;
  }

  onTestRunEnd(modules, unhandledErrors) {
    const failures = [...modules.flatMap(failuresOf), ...unhandledErrors.map((error) => outside(error))];
    const count = (state) =>
      modules.reduce((sum, { children }) => sum + [...children.allTests(state)].length, 0);
    const counts = { passed: count('passed'), failed: failures.length, skipped: count('skipped') };
    writeFileSync(this.path, JSON.stringify({ ...counts, failures }));
  }
}

function failuresOf(module) {
  const file = relative(root, module.moduleId);
  const named = (name, errors) => ({
    name: name === '' ? file : `${file} > ${name}`,
    error: wordsOf(errors),
  });
  const suites = [...module.children.allSuites()].filter((suite) => suite.errors().length > 0);
  const failures = [
    ...suites.map((suite) => named(suite.fullName, suite.errors())),
    ...[...module.children.allTests('failed')].map((test) => named(test.fullName, test.result().errors)),
  ];
  if (module.errors().length > 0) failures.unshift(named('', module.errors()));
  const unfinished = [...module.children.allTests('pending')];
  if (unfinished.length > 0 || ['queued', 'pending'].includes(module.state())) {
    failures.push(
      named('', [{ message: `did not finish: ${unfinished.length} tests, ${unfinished[0]?.fullName}` }]),
    );
  }
  return failures;
}

const outside = (error) => ({ name: '(outside of a test)', error: wordsOf([error]) });

/** The message with the place in the test, and what differs. */
function wordsOf(errors = []) {
  return errors
    .flatMap(({ message, stack, stacks, diff }) => {
      const at = stacks?.[0] && `at ${relative(root, stacks[0].file)}:${stacks[0].line}`;
      return [message || stack || 'no words', at, diff];
    })
    .filter(Boolean)
    .join('\n');
}
