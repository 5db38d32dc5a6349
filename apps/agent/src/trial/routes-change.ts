import {
  type Family,
  type KeepPlan,
  type NetworkRoute,
  ProblemError,
  type RouteKeeper,
  trialFamilies,
  type WantedRoutes,
} from '@moru/types';
import { madeRoutes } from '../routing/difference.ts';
import { readBootFiles } from '../routing/keep/boot-files.ts';
import { checkNetplan, planPersist } from '../routing/keep/persist.ts';
import { marksOf, readKernelLines } from '../routing/kernel-lines.ts';
import { planRoutes, type RoutePlan } from '../routing/plan.ts';
import type { RoutingFacts } from '../routing/read.ts';
import { revisionOf } from '../routing/revision.ts';
import { routesConflict } from './conflict.ts';
import type { TrialHost } from './host.ts';

/** What a confirmed change writes so that its routes are there after a reboot. */
export interface RoutesToKeep {
  tool: RouteKeeper['tool'];
  plan: KeepPlan;
}

/** Edits of routes that may be applied, and the routes that they were planned on. */
export interface RoutesChange {
  facts: RoutingFacts;
  plan: RoutePlan;
  keep: RoutesToKeep | null;
}

/**
 * Plans the edits on the routes that were just read; null where they change nothing. Throws RoutesConflict for stale ones,
 * ProblemError `routing.invalid`, `file.refused` where netplan does not take what is to be kept, `host.*`.
 */
export async function readRoutesChange(
  host: TrialHost,
  wanted: WantedRoutes,
  facts: RoutingFacts,
): Promise<RoutesChange | null> {
  if (revisionOf(facts.routes) !== wanted.revision) throw await routesConflict(host, facts, wanted);
  const outcome = planRoutes(facts, wanted.edits);
  if ('errors' in outcome) {
    const fields = outcome.errors.map((error) => ({ ...error, field: `routes.${error.field}` }));
    throw new ProblemError('routing.invalid', { fields });
  }
  const { plan } = outcome;
  if (plan.deleted.length + plan.added.length === 0) return null;
  return { facts, plan, keep: wanted.keep ? await planKeep(facts, plan) : null };
}

async function planKeep(facts: RoutingFacts, { deleted, added }: RoutePlan): Promise<RoutesToKeep> {
  const boot = await readBootFiles();
  const plan = planPersist(boot, { deleted, added, interfaces: facts.interfaces });
  const words = boot.tool === 'netplan' && plan.files.length > 0 ? await checkNetplan(plan.files) : null;
  if (words === null) return { tool: boot.tool, plan };
  throw new ProblemError('file.refused', { detail: 'netplan does not take the file.', upstream: words });
}

/** Families whose routes change, in the order in which they do. */
export const changedFamilies = ({ plan }: RoutesChange): Family[] =>
  trialFamilies.filter((family) => plan.apply[family] !== '');

/** Files of a trial's folder that tell agent and guard the way back, and whether it was gone. */
export async function routeFiles(change: RoutesChange): Promise<[name: string, text: string][] | null> {
  const { facts, plan, keep } = change;
  const of = (routes: readonly NetworkRoute[], family: Family) =>
    routes.filter((route) => route.family === family);
  const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
  const files: [string, string][] = [
    ['snapshot.routes', JSON.stringify(madeRoutes(facts.routes))],
    ['after.routes', JSON.stringify(madeRoutes(plan.wanted))],
  ];
  for (const family of changedFamilies(change)) {
    const touched = of([...plan.deleted, ...plan.added], family);
    const marks = marksOf(family, of(facts.routes, family), touched, await readKernelLines(family));
    if (!marks) return null;
    files.push(
      [`revert.routes.${family}`, plan.revert[family]],
      [`want.routes.${family}`, text(marks.want)],
      [`gone.routes.${family}`, text(marks.gone)],
    );
  }
  if (keep) files.push(['keep.json', JSON.stringify(keep)]);
  return files;
}
