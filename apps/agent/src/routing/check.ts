import type { RoutingCheck, RoutingChecked } from '@moru/types';
import { readBootFiles } from './keep/boot-files.ts';
import { planPersist } from './keep/persist.ts';
import { losesWay } from './loses-way.ts';
import { predictNetRoute } from './net-route.ts';
import { findPeers } from './peers.ts';
import { planRoutes } from './plan.ts';
import { readRouting } from './read.ts';
import { revisionOf } from './revision.ts';

/** What edits would do to the routes of this moment, and to whom; nothing is changed. Throws ProblemError. */
export async function checkRoutes(
  { edits, peers }: RoutingCheck,
  agentPort: number,
): Promise<RoutingChecked> {
  const [facts, found, boot] = await Promise.all([
    readRouting(),
    findPeers(agentPort, peers),
    readBootFiles(),
  ]);
  const revision = revisionOf(facts.routes);
  const outcome = planRoutes(facts, edits);
  if ('errors' in outcome) return { revision, errors: outcome.errors, plan: null };
  const { to, deleted, added, commands, warnings, wanted } = outcome.plan;
  return {
    revision,
    errors: [],
    plan: {
      revision: to,
      deleted,
      added,
      commands,
      warnings,
      table: predictNetRoute(wanted),
      peers: losesWay(facts.routes, wanted, found, facts),
      keep: planPersist(boot, { deleted, added, interfaces: facts.interfaces }),
    },
  };
}
