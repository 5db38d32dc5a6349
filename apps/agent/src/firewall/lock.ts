import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from '../process/durable.ts';
import type { RunningChild } from '../process/start.ts';

/** `1: FLOCK  ADVISORY  WRITE 13 00:28:2 0 EOF`; in /proc/locks, who waits has `->` in second place. */
function holdsLock(locks: string, pid: number): boolean {
  return locks.split('\n').some((line) => {
    const [, kind, , access, holder] = line
      .replace(/^lock:/, '')
      .trim()
      .split(/\s+/);
    return kind === 'FLOCK' && access === 'WRITE' && Number(holder) === pid;
  });
}

/** What a process holds, by its own open files; null where they are not for us to see. */
function locksOf(pid: number): string | null {
  const folder = `/proc/${pid}/fdinfo`;
  try {
    return readdirSync(folder)
      .map((name) => readOpen(`${folder}/${name}`))
      .join('\n');
  } catch (error) {
    // it has ended, and the caller will hear of it
    return ['ENOENT', 'ESRCH'].includes(errorCode(error) ?? '') ? '' : null;
  }
}

/** Of a file that may be closed at any moment. */
function readOpen(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(errorCode(error) ?? '')) return '';
    throw error;
  }
}

/**
 * Waits until the child holds a file lock; false when it ended without one.
 *
 * iptables-restore says nothing when it gets the xtables lock, and asking by `flock -n` would take the lock for a
 * moment and make another program's `iptables` without `-w` fail. The kernel lists the locks of an open file in
 * its `fdinfo` (from Linux 4.1), with the holder in the numbers of the reader's own pid namespace, and the xtables lock
 * is the only one that the child takes; wherever the lock file lies, this needs no knowledge of it. `/proc/locks` says the
 * same, but stops every lock of the machine for each look, 5 to 15 ms here, and serves only where a child's files are
 * not shown. No event exists for it, hence the short polls: 1 ms at first since a free lock is taken within 3 ms
 * of the start, 10 ms while another holds it.
 */
export async function waitForLock(child: RunningChild): Promise<boolean> {
  for (let pause = 1; !child.ended; pause = Math.min(pause * 1.5, 10)) {
    if (holdsLock(locksOf(child.pid) ?? readFileSync('/proc/locks', 'utf8'), child.pid)) return true;
    await delay(pause);
  }
  return false;
}
