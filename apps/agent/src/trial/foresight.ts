import { setImmediate as nextTurn } from 'node:timers/promises';
import { canonicalText, completeRuleSet, type RuleSet } from '@moru/netfilter';
import { type Family, type TrialRequest, trialFamilies } from '@moru/types';
import type { AccessJudgement } from '../access/report.ts';
import { revisionOf } from '../firewall/revision.ts';
import { lastRules } from '../firewall/rules.ts';
import { recountedDraft } from './draft.ts';
import type { TrialHost } from './host.ts';
import {
  draftOf,
  type FamilyRules,
  type KnownRules,
  noRules,
  untouched,
  type WantedChanges,
} from './read-changes.ts';
import { askTool, type WayBack } from './way-back.ts';

/** What is to be known of a change before it is armed, found out by the rules as they were last read. */
export interface Foresight extends KnownRules {
  /** whether all of these rules were known: nothing but counters has changed since */
  holdsFor(wanted: WantedChanges): boolean;
  /** what the host's own tool is being asked */
  asked: ReadonlyMap<Family, WayBack['asked']>;
  judgement: Promise<AccessJudgement>;
}

/**
 * Judges a change of rules by those that were last read, and has the host's own tool asked, while a program reads them
 * anew: that takes as long as all of this, and mostly nothing has changed. Null where it cannot be told, and where the
 * change would be refused. Never throws for what is wrong with the change; whoever reads the rules will.
 */
export async function foresee(
  host: TrialHost,
  request: TrialRequest,
  judge: (wanted: WantedChanges) => Promise<AccessJudgement>,
): Promise<Foresight | null> {
  // whatever reads the host is started before
  await nextTurn();
  if (request.routes) return null;
  const families = await lastFamilies(host, request);
  if (!families) return null;
  const asked = new Map(
    families.flatMap(({ family, change }) => (change ? [[family, askTool(change)] as const] : [])),
  );
  const judgement = judge({ families, routes: null });
  judgement.catch(() => {});
  const known = families.map((rules) => ({ rules, words: wordsOf(rules.live) }));
  const found = new Set<FamilyRules>();
  return {
    again: (iptables, live) => {
      const each = known.find(({ rules }) => rules.iptables === iptables);
      if (!each || wordsOf(completeRuleSet(live)) !== each.words) return null;
      const { change } = each.rules;
      const recounted = change && recountedDraft(change, live);
      const now = {
        ...untouched(iptables, live),
        ...(recounted && { live: recounted.base, change: recounted }),
      };
      found.add(now);
      return now;
    },
    holdsFor: ({ families }) => families.length === known.length && families.every((each) => found.has(each)),
    ...{ asked, judgement },
  };
}

/** All rules, those of other programs as well, and without counters. */
const wordsOf = (set: RuleSet) => canonicalText(set, () => null);

/** Null unless the change was made from the rules that were last read, and may be made. */
async function lastFamilies(host: TrialHost, request: TrialRequest): Promise<FamilyRules[] | null> {
  const families: FamilyRules[] = [];
  for (const family of trialFamilies) {
    const iptables = await host.tools.of(family).catch(() => null);
    const live = iptables && (noRules(iptables) ?? lastRules(family));
    if (!live || live.hostile) return null;
    const wanted = request[family];
    if (!wanted) {
      families.push(untouched(iptables, live.set));
      continue;
    }
    if (revisionOf(live.set) !== wanted.revision) return null;
    const { draft, rules } = draftOf(iptables, live, wanted);
    if (draft.errors.length > 0) return null;
    families.push(rules);
  }
  return families.some(({ change }) => change) ? families : null;
}

/** Once nothing that was begun for it goes on. */
export async function foresightOver(foreseen: Foresight | null): Promise<void> {
  await Promise.all(foreseen?.asked.values() ?? []);
}
