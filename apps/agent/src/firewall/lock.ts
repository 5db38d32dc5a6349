import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunningChild } from '../process/start.ts';

/** `1: FLOCK  ADVISORY  WRITE 13 00:28:2 0 EOF`; who waits has `->` in second place. */
function holdsLock(locks: string, pid: number): boolean {
  return locks.split('\n').some((line) => {
    const [, kind, , access, holder] = line.trim().split(/\s+/);
    return kind === 'FLOCK' && access === 'WRITE' && Number(holder) === pid;
  });
}

/**
 * Waits until the child holds a file lock; false when it ended without one.
 *
 * iptables-restore says nothing when it gets the xtables lock, and asking by `flock -n` would take the lock for a
 * moment and make another program's `iptables` without `-w` fail. `/proc/locks` names the process that holds each
 * lock, in the numbers of the reader's own pid namespace, and the xtables lock is the only one that the child
 * takes; wherever the lock file lies, this needs no knowledge of it. No event exists for it, hence the short
 * polls: 1 ms at first since a free lock is taken within 3 ms of the start, 10 ms while another holds it.
 */
export async function waitForLock(child: RunningChild): Promise<boolean> {
  for (let pause = 1; !child.ended; pause = Math.min(pause * 1.5, 10)) {
    if (holdsLock(readFileSync('/proc/locks', 'utf8'), child.pid)) return true;
    await delay(pause);
  }
  return false;
}
