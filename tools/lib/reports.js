import { stripVTControlCharacters } from 'node:util';

/** Counts and failures of Playwright's own report, as vitest-report.js writes them. */
export function playwrightReport({ stats, errors, suites }) {
  const failures = [
    ...suites.flatMap((suite) => failedSpecs(suite, [])),
    ...errors.map(({ message }) => ({ name: '(outside of a test)', error: message ?? '' })),
  ];
  // a flaky test passed at last: here that is a failure like any other
  const failed = stats.unexpected + stats.flaky + errors.length;
  // a flow that breaks off has not looked at what it would have
  const unseen = failed === 0 ? neverLookedAt(suites) : [];
  failures.push(...unseen.map((name) => ({ name, error: 'flows open it, and none looks at it with axe' })));
  return { passed: stats.expected, failed: failed + unseen.length, skipped: stats.skipped, failures };
}

/** Pages, dialogs, menus and lists that flows note as opened, and none as looked at (packages/flows/src/fixtures.ts). */
function neverLookedAt(suites) {
  const notes = suites.flatMap(annotations);
  const named = (wanted) =>
    notes.flatMap(({ type, description = '' }) =>
      type === wanted ? description.split(', ').filter(Boolean) : [],
    );
  const looked = new Set(named('looked at with axe'));
  return [...new Set(named('opened'))].filter((surface) => !looked.has(surface)).toSorted();
}

function annotations({ specs = [], suites = [] }) {
  const own = specs.flatMap((spec) => spec.tests.flatMap((test) => test.annotations ?? []));
  return [...own, ...suites.flatMap(annotations)];
}

function failedSpecs({ title, specs = [], suites = [] }, above) {
  const place = [...above, title];
  const failed = specs.flatMap((spec) =>
    spec.tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ results }) => ({
        name: [...place, spec.title].join(' > '),
        error: results.flatMap((result) => result.errors.map(({ message }) => message)).join('\n'),
      })),
  );
  return [...failed, ...suites.flatMap((suite) => failedSpecs(suite, place))];
}

/** As much of an error as tells what went wrong: a difference of objects has its reason in the lines below the first. */
const linesShown = 12;
const charactersShown = 200;

/** The failed tests in full, for the end of a log that may have lost its beginning. */
export function failureLines(step, failures) {
  return failures.flatMap(({ name, error }) => {
    const lines = stripVTControlCharacters(error)
      .split('\n')
      .filter((line) => line.trim() !== '');
    const more = lines.length > linesShown ? ['…'] : [];
    const shown = [...lines.slice(0, linesShown).map((line) => line.slice(0, charactersShown)), ...more];
    return ['', `FAIL ${step}: ${name}`, ...shown.map((line) => `     ${line}`)];
  });
}
