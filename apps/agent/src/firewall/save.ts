import { completeRuleSet, savedText } from '@moru/netfilter';
import { type FirewallSave, type FirewallState, ProblemError } from '@moru/types';
import { ownerOf } from '../foreign/ownership.ts';
import { revisionOf } from './revision.ts';
import { readRules } from './rules.ts';
import { writeRulesFile } from './rules-file.ts';
import { StaleRevision } from './stale.ts';
import { afterwards, stateOf } from './state.ts';
import type { Tools } from './tools.ts';

/**
 * Writes the running rules of `revision` to the rules file and answers the state with `saved` read back from it.
 * Throws ProblemError `rule.hostile`, `file.refused`, `host.failed` or `outcome.unknown`; a StaleRevision brings the
 * state.
 */
export async function saveRules(tools: Tools, save: FirewallSave, rulesFile: string): Promise<FirewallState> {
  const iptables = await tools.of(save.family);
  const live = await readRules(iptables);
  if (live.hostile) throw new ProblemError('rule.hostile');
  if (revisionOf(live.set) !== save.revision) {
    throw new StaleRevision(await stateOf(iptables, live, rulesFile));
  }
  await writeRulesFile(rulesFile, savedText(completeRuleSet(live.set), ownerOf));
  const state = await afterwards(() => stateOf(iptables, live, rulesFile));
  if (state.saved.matches) return state;
  throw new ProblemError('host.failed', { detail: `${rulesFile} does not hold what was written to it.` });
}
