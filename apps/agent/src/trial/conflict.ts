import { NetfilterError, parseSave } from '@moru/netfilter';
import type { ChainDifference, Conflict, Family } from '@moru/types';
import { rulesFileOf } from '../firewall/outputs.ts';
import { type LiveRules, readRules } from '../firewall/rules.ts';
import { stateOf } from '../firewall/state.ts';
import type { Iptables } from '../firewall/tools.ts';
import { listGenerations, readGeneration } from '../generations/store.ts';
import type { RulesDiffer } from './apply.ts';
import { difference } from './difference.ts';
import { RuleConflict } from './errors.ts';
import type { TrialHost } from './host.ts';
import { commitOrder, ownedSave } from './rewrite.ts';

/** The draft was made from rules that do not run any more. */
export async function staleDraft(
  host: TrialHost,
  iptables: Iptables,
  live: LiveRules,
  draft: { revision: string; rules: string },
): Promise<RuleConflict> {
  const { family } = iptables;
  const base = await keptRules(host.config.stateFolder, family, draft.revision);
  const sides = { family, base, wanted: draft.rules, now: ownedSave(live.set) };
  return new RuleConflict(
    await stateOf(iptables, live, rulesFileOf(family, host.config.rulesFile)),
    withDifferences(sides),
  );
}

/** What either side changed, where it is known from what. */
function withDifferences(sides: Omit<Conflict, 'yours' | 'theirs'>): Conflict {
  const { family, base } = sides;
  const from = (other: string): ChainDifference[] | null => {
    if (base === null) return null;
    try {
      const [one, two] = [base, other].map((text) => parseSave(text, { family, unreadable: 'keep' }));
      return one && two ? difference(one, two, commitOrder) : null;
    } catch (error) {
      // a stale draft is not judged any further, and may not even be readable
      if (error instanceof NetfilterError) return null;
      throw error;
    }
  };
  return { ...sides, yours: from(sides.wanted), theirs: from(sides.now) };
}

/** Rules of that revision, where one of the generations holds them. */
async function keptRules(stateFolder: string, family: Family, revision: string): Promise<string | null> {
  const found = (await listGenerations(stateFolder)).find((each) => each.revisions[family] === revision);
  if (!found) return null;
  return (await readGeneration(stateFolder, found.number)).rules[family] ?? null;
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
