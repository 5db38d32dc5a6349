import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.js';
import { mustRun, root } from './run.js';

const oldestNode = 24;
const marker = join(root, 'node_modules', '.moru-installed');

/**
 * Installs npm packages as the lockfile says, unless that was done already. Not by `npm ci`: it refuses a lockfile
 * that lacks a package for another platform, which is what npm writes when a registry does not have all of them.
 */
export async function ensurePackages() {
  const wanted = lockDigest();
  if (installedDigest() === wanted) return;
  mkdirSync(join(root, '.moru'), { recursive: true });
  await withLock(join(root, '.moru', 'npm.lock'), async () => {
    if (installedDigest() === wanted) return; // another start did it meanwhile
    console.log('Installing npm packages …');
    await mustRun('npm install', 'npm', [
      'install',
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ]);
    writeFileSync(marker, wanted);
  });
}

/** The Node that the project is pinned to; the running one where none is packaged for this machine. */
export function pinnedNode() {
  const pinned = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= oldestNode) return process.execPath;
  throw new Error(
    `no packaged Node for ${process.platform}-${process.arch}: start with Node ${oldestNode} or later`,
  );
}

function lockDigest() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function installedDigest() {
  return existsSync(marker) ? readFileSync(marker, 'utf8') : '';
}
