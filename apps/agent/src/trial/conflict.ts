import type { Family } from '@moru/types';
import { rulesFileOf } from '../firewall/outputs.ts';
import type { LiveRules } from '../firewall/rules.ts';
import { stateOf } from '../firewall/state.ts';
import type { Iptables } from '../firewall/tools.ts';
import { listGenerations, readGeneration } from '../generations/store.ts';
import type { RulesDiffer } from './apply.ts';
import { RuleConflict } from './errors.ts';
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
  return new RuleConflict(await stateOf(iptables, live, rulesFileOf(family, host.config.rulesFile)), {
    family,
    base: await keptRules(host.config.stateFolder, family, draft.revision),
    wanted: draft.rules,
    now: ownedSave(live.set),
  });
}

/** Rules of that revision, where one of the generations holds them. */
async function keptRules(stateFolder: string, family: Family, revision: string): Promise<string | null> {
  const found = (await listGenerations(stateFolder)).find((each) => each.revisions[family] === revision);
  if (!found) return null;
  return (await readGeneration(stateFolder, found.number)).rules[family] ?? null;
}

/** Another program changed the rules while ours were applied. */
export async function changedMeanwhile(host: TrialHost, { change, now }: RulesDiffer): Promise<RuleConflict> {
  const { iptables, base, wanted } = change;
  const path = rulesFileOf(iptables.family, host.config.rulesFile);
  return new RuleConflict(
    await stateOf(iptables, now, path),
    { family: iptables.family, base: ownedSave(base), wanted: ownedSave(wanted), now: ownedSave(now.set) },
    'Another program changed the rules at the same time.',
  );
}
