import { completeRuleSet, parseSave } from '@moru/netfilter';
import {
  type Family,
  type FieldError,
  familySchema,
  type NetworkRoute,
  ProblemError,
  type RestoreDraft,
  type RouteEdit,
} from '@moru/types';
import { revisionOf } from '../firewall/revision.ts';
import { readRules } from '../firewall/rules.ts';
import { routesDifference } from '../routing/difference.ts';
import { readRouting } from '../routing/read.ts';
import { revisionOf as routesRevisionOf } from '../routing/revision.ts';
import { untouchable } from '../routing/validate.ts';
import type { TrialHost } from '../trial/host.ts';
import { ownedSave } from '../trial/rewrite.ts';
import { type KeptGeneration, readGeneration } from './store.ts';

/** What a trial has to carry to go back to a generation. Throws ProblemError `generation.notFound`, `host.*`. */
export async function restoreDraft(host: TrialHost, number: number): Promise<RestoreDraft> {
  const kept = await readGeneration(host.config.stateFolder, number);
  const draft: RestoreDraft = { generation: number, impossible: [] };
  for (const family of familySchema.options) {
    const text = kept.rules[family];
    const wanted = text === undefined ? null : await restoreRules(host, family, text);
    if (wanted) draft[family] = wanted;
  }
  if (kept.routes) await restoreRoutes(kept.routes, draft);
  return draft;
}

/** Null where the rules are like that already. */
async function restoreRules(host: TrialHost, family: Family, text: string) {
  const live = await readRules(await host.tools.of(family));
  if (live.hostile) throw new ProblemError('rule.hostile');
  const revision = revisionOf(live.set);
  const kept = parseSave(text, { family, unreadable: 'keep' });
  if (revisionOf(kept) === revision) return null;
  // a table that has come since is to be empty again, which a text has to say
  const whole = live.set.tables.reduce((set, { name }) => completeRuleSet(set, name), completeRuleSet(kept));
  return { revision, rules: ownedSave(whole) };
}

async function restoreRoutes(
  kept: NonNullable<KeptGeneration['routes']>,
  draft: RestoreDraft,
): Promise<void> {
  const { routes } = await readRouting();
  const made = (route: NetworkRoute) => route.protocol !== 'kernel';
  const { deleted, added } = routesDifference(routes.filter(made), kept);
  const edits: RouteEdit[] = [
    ...added.map((route) => ({ type: 'putBack' as const, route, place: 'last' as const })),
    ...deleted
      .filter((route) => !untouchable(route))
      .map(({ family, specification }) => ({
        ...{ type: 'delete' as const, family, specification },
      })),
  ];
  const left = deleted.flatMap((route): FieldError[] => {
    const code = untouchable(route);
    return code === null ? [] : [{ field: 'routes', code, detail: route.specification }];
  });
  draft.impossible.push(...left);
  if (edits.length > 0 && edits.length <= 32) {
    draft.routes = { revision: routesRevisionOf(routes), edits, keep: false };
  } else if (edits.length > 32) draft.impossible.push({ field: 'routes', code: 'edits.tooMany' });
}
