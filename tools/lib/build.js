import { mustRun, root, toolEnv } from './run.js';

/** Builds what is served, unless nothing of it has changed (Turborepo's cache). */
export function buildConsole(node) {
  const turbo = `${root}node_modules/turbo/bin/turbo`;
  return mustRun(
    'building the console',
    node,
    [turbo, 'run', 'build', '--output-logs=errors-only', '--no-update-notifier'],
    {
      env: toolEnv(),
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
}
