// Plain JavaScript that Node 20 runs: this comes before anything is installed.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs a program to its end with the terminal passed on.
 * @param {string} program
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>} its exit code; a signal counts as 1
 */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** Like run, but a failure is an Error that names what was being done. */
export async function mustRun(what, program, args, options = {}) {
  const code = await run(program, args, options);
  if (code !== 0) throw new Error(`${what} failed (exit code ${code})`);
}

/** Environment for tools: nothing is reported anywhere, and the pinned Node comes first. */
export function toolEnv() {
  return {
    ...process.env,
    PATH: `${root}node_modules/.bin:${process.env.PATH}`,
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
    NODE_NO_WARNINGS: '1',
  };
}
