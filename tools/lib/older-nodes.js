import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.js';
import { mustRun, root } from './run.js';

/** The first long-term version of each line that hosts may have; the newest one is the project's own. */
const versions = ['18.12.0', '20.9.0', '22.11.0'];

/**
 * Fetches the older Nodes that the host agent is tested with, once for all, about 30 MB each: .moru/nodes/VERSION is
 * the program (apps/agent/packaging/testing looks there). They are for tests only: nothing of them is shipped.
 */
export async function ensureOlderNodes() {
  if (process.platform !== 'linux') return;
  const folder = join(root, '.moru', 'nodes');
  mkdirSync(folder, { recursive: true });
  await withLock(join(folder, 'lock'), async () => {
    const missing = versions.filter((version) => !existsSync(join(folder, version)));
    if (missing.length > 0) console.log(`Fetching Node ${missing.join(', ')} for tests …`);
    const fetched = await Promise.allSettled(missing.map((version) => fetchNode(version, folder)));
    for (const { reason } of fetched) if (reason) console.log(`Going on without it: ${reason.message}`);
  }).catch((error) => console.log(`Going on without older Nodes: ${error.message}`));
}

async function fetchNode(version, folder) {
  const work = join(folder, `${version}.new`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work);
  const name = `node@npm:node-linux-${process.arch}@${version}`;
  const quiet = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  // a folder of its own: the project's packages and their lockfile stay as they are
  await mustRun(`fetching Node ${version}`, 'npm', ['install', ...quiet, '--prefix', work, name], {
    cwd: work,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  renameSync(join(work, 'node_modules', 'node', 'bin', 'node'), join(folder, version));
  rmSync(work, { recursive: true });
}
