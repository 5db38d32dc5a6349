import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.js';

const waitMs = 500;
const mostMs = 600_000;

/** One at a time among all starts in this checkout; a lock whose holder is gone is taken over. */
export async function withLock(name, task) {
  const folder = join(root, '.moru', 'locks');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  const deadline = Date.now() + mostMs;
  while (!take(path)) {
    if (Date.now() > deadline) throw new Error(`${path} is held by another process`);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  try {
    return await task();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isAlive(readFileSync(path, 'utf8'))) rmSync(path, { force: true });
    return false;
  }
}

function isAlive(pid) {
  try {
    return process.kill(Number(pid), 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
