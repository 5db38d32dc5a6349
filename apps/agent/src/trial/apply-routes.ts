import { type Family, type NetworkRoute, ProblemError } from '@moru/types';
import type { Watch } from '../firewall/backend.ts';
import { wordsOf } from '../firewall/tools.ts';
import { failpoint } from '../process/failpoints.ts';
import { findProgram } from '../process/find.ts';
import { startProgram } from '../process/start.ts';
import { readRoutes } from '../routing/read.ts';
import { revisionOf } from '../routing/revision.ts';
import { changedFamilies, type RoutesChange } from './routes-change.ts';

/** The routes are not what they have to be for the next step; `now` is what they are. */
export class RoutesDiffer extends Error {
  readonly change: RoutesChange;
  readonly now: NetworkRoute[];

  constructor(change: RoutesChange, now: NetworkRoute[]) {
    super('the routes are not those that were expected');
    this.name = 'RoutesDiffer';
    this.change = change;
    this.now = now;
  }
}

const limits = { timeoutMs: 15_000, maxBytes: 64 * 1024 };

export const optionOf: Record<Family, string> = { ipv4: '-4', ipv6: '-6' };

async function assertRoutes(change: RoutesChange, revision: string): Promise<void> {
  const [ipv4, ipv6] = await Promise.all([readRoutes('ipv4'), readRoutes('ipv6')]);
  const now = [...ipv4, ...ipv6];
  if (revisionOf(now) !== revision) throw new RoutesDiffer(change, now);
}

/**
 * Changes the routes, family by family, each only while they are what the edits were planned on. No lock exists for
 * them: a change of another program between look and change is seen in the look that follows, and what is deleted is
 * named in full, so that it is never another route. Throws RoutesDiffer, TrialLost, or ProblemError `routing.refused`
 * with the words of `ip`; what was changed by then stays changed.
 */
export async function applyRoutes(change: RoutesChange, watch: Watch): Promise<void> {
  const { facts, plan } = change;
  let routes = facts.routes;
  for (const family of changedFamilies(change)) {
    await assertRoutes(change, revisionOf(routes));
    await runBatch(family, plan.apply[family], watch);
    failpoint('firstRoutesChanged');
    const others = routes.filter((route) => route.family !== family);
    routes = [...others, ...plan.wanted.filter((route) => route.family === family)];
  }
  await assertRoutes(change, plan.to);
  failpoint('routesChanged');
}

/** The first line that fails ends it. */
async function runBatch(family: Family, lines: string, watch: Watch): Promise<void> {
  const ip = findProgram('ip');
  if (!ip) throw new ProblemError('host.failed', { detail: 'The host has no `ip` (iproute2).' });
  const child = await startProgram(ip, [optionOf[family], '-batch', '-'], limits);
  try {
    await watch.started(child.pid);
    await watch.beforeCommit();
    child.end(lines);
  } catch (error) {
    child.end();
    await child.outcome;
    throw error;
  }
  const outcome = await child.outcome;
  if (outcome.exitCode === 0) return;
  if (outcome.exitCode === null) throw new ProblemError('host.failed', wordsOf(outcome));
  throw new ProblemError('routing.refused', wordsOf(outcome));
}
