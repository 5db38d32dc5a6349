import { readFileSync } from 'node:fs';

/** A process by number and start time: a number alone may be another process by now. */
export interface ProcessIdentity {
  pid: number;
  /** clock ticks since boot (proc(5), /proc/PID/stat, field 22) */
  start: string;
}

/** Null when there is no such process; one that only waits to be reaped counts as none. */
export function identityOf(pid: number): ProcessIdentity | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // the second field is the program's name in brackets, and may hold blanks and brackets itself
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  const start = fields[19];
  return start === undefined || state === 'Z' || state === 'X' ? null : { pid, start };
}

export function isRunning({ pid, start }: ProcessIdentity): boolean {
  return identityOf(pid)?.start === start;
}

/** `PID START`, as the guard writes it too. */
export const printIdentity = ({ pid, start }: ProcessIdentity): string => `${pid} ${start}`;

export function parseIdentity(text: string): ProcessIdentity | null {
  const parts = /^(\d+) (\d+)$/.exec(text.trim());
  return parts?.[1] && parts[2] ? { pid: Number(parts[1]), start: parts[2] } : null;
}
