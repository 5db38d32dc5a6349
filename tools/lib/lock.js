import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

const waitMs = 500;
const mostMs = 600_000;

/** One at a time among all who name the same path; a lock whose holder is gone is taken over. */
export async function withLock(path, task) {
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
    const holder = read(path);
    if (holder !== undefined && !isAlive(holder)) remove(path, holder);
    return false;
  }
}

/** Takes a dead holder's lock away by a name of our own: another may have taken it over since we looked. */
function remove(path, holder) {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    if (read(aside) !== holder) linkSync(aside, path);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid) {
  try {
    return process.kill(Number(pid), 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
