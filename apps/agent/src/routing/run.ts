import type { Family } from '@moru/types';
import { readRoutes, runIp } from './read.ts';
import { revisionOf } from './revision.ts';

const option: Record<Family, string> = { ipv4: '-4', ipv6: '-6' };

/** Runs lines of `planRoutes(...).apply` for one family. Throws ProblemError `host.failed` at the first that fails. */
export async function applyBatch(family: Family, lines: string): Promise<void> {
  if (lines !== '') await runIp([option[family], '-batch', '-'], lines);
}

/** Of both families as they are now: what `from` and `to` of a plan are compared with. Throws ProblemError. */
export async function currentRevision(): Promise<string> {
  const [ipv4, ipv6] = await Promise.all([readRoutes('ipv4'), readRoutes('ipv6')]);
  return revisionOf([...ipv4, ...ipv6]);
}
