import { NetfilterError, parseSave } from '@moru/netfilter';
import type {
  ChainDifference,
  Conflict,
  Family,
  NetworkRoute,
  RouteConflict,
  WantedRoutes,
} from '@moru/types';
import { differencesOf } from '../firewall/differences.ts';
import { rulesFileOf } from '../firewall/outputs.ts';
import { type LiveRules, readRules } from '../firewall/rules.ts';
import { stateOf } from '../firewall/state.ts';
import type { Iptables } from '../firewall/tools.ts';
import { listGenerations, readGeneration } from '../generations/store.ts';
import { lastingRoutes, routesDifference } from '../routing/difference.ts';
import { planRoutes } from '../routing/plan.ts';
import type { RoutingFacts } from '../routing/read.ts';
import type { RulesDiffer } from './apply.ts';
import type { RoutesDiffer } from './apply-routes.ts';
import { readBase } from './bases.ts';
import { RoutesConflict, RuleConflict } from './errors.ts';
import type { TrialHost } from './host.ts';
import { ownedSave } from './rewrite.ts';

/** The draft was made from rules that do not run any more. */
export async function staleDraft(
  host: TrialHost,
  iptables: Iptables,
  live: LiveRules,
  draft: { revision: string; rules: string },
): Promise<RuleConflict> {
  const { family } = iptables;
  const { stateFolder, rulesFile } = host.config;
  const base = await baseRules(stateFolder, family, draft.revision);
  const sides = { family, base, wanted: draft.rules, now: ownedSave(live.set) };
  return new RuleConflict(
    await stateOf(iptables, live, rulesFileOf(family, rulesFile)),
    withDifferences(sides),
  );
}

/** Rules of that revision, where somebody was shown them lately or one of the generations holds them. */
async function baseRules(stateFolder: string, family: Family, revision: string): Promise<string | null> {
  const shown = await readBase(stateFolder, family, revision);
  if (shown !== null) return shown;
  const found = (await listGenerations(stateFolder)).find((each) => each.revisions[family] === revision);
  if (!found) return null;
  return (await readGeneration(stateFolder, found.number)).rules[family] ?? null;
}

/** What either side changed, where it is known from what. */
function withDifferences(sides: Omit<Conflict, 'yours' | 'theirs'>): Conflict {
  const { family, base } = sides;
  const from = (other: string): ChainDifference[] | null => {
    if (base === null) return null;
    try {
      const [one, two] = [base, other].map((text) => parseSave(text, { family, unreadable: 'keep' }));
      return one && two ? differencesOf(one, two) : null;
    } catch (error) {
      // a stale draft is not judged any further, and may not even be readable
      if (error instanceof NetfilterError) return null;
      throw error;
    }
  };
  return { ...sides, yours: from(sides.wanted), theirs: from(sides.now) };
}

/**
 * Another program changed the rules while ours were applied; to be asked once ours are taken back, for what differs
 * then is what the other one did.
 */
export async function changedMeanwhile(
  host: TrialHost,
  { change, now: seen }: RulesDiffer,
): Promise<RuleConflict> {
  const { iptables, base, wanted } = change;
  const now = await readRules(iptables).catch(() => seen);
  const path = rulesFileOf(iptables.family, host.config.rulesFile);
  return new RuleConflict(
    await stateOf(iptables, now, path),
    withDifferences({
      family: iptables.family,
      base: ownedSave(base),
      wanted: ownedSave(wanted),
      now: ownedSave(now.set),
    }),
    'Another program changed the rules at the same time.',
  );
}

/** The edits were made for routes that are not there any more. */
export async function routesConflict(
  host: TrialHost,
  facts: RoutingFacts,
  { revision, edits }: WantedRoutes,
): Promise<RoutesConflict> {
  const shown = await readBase(host.config.stateFolder, 'routes', revision);
  // of our own writing
  const base = shown === null ? null : (JSON.parse(shown) as NetworkRoute[]);
  const outcome = base && planRoutes({ ...facts, routes: base }, edits);
  const planned = outcome && 'plan' in outcome ? outcome.plan : null;
  return new RoutesConflict(
    routeSides(
      base,
      facts.routes,
      planned && { deleted: lastingRoutes(planned.deleted), added: lastingRoutes(planned.added) },
    ),
  );
}

function routeSides(
  base: readonly NetworkRoute[] | null,
  now: readonly NetworkRoute[],
  yours: RouteConflict['yours'],
): RouteConflict {
  return {
    base: base && lastingRoutes(base),
    now: lastingRoutes(now),
    yours,
    theirs: base && routesDifference(base, now),
  };
}

/** Another program changed the routes while ours were applied; `now` is from before ours were taken back. */
export function routesChangedMeanwhile({ change, now }: RoutesDiffer): RoutesConflict {
  const { facts, plan } = change;
  const yours = { deleted: plan.deleted, added: plan.added };
  return new RoutesConflict(
    routeSides(facts.routes, now, yours),
    'Another program changed the routes at the same time.',
  );
}
