import { applyEdit, completeRuleSet, type Edit, type RuleSet } from '@moru/netfilter';
import { type FirewallChange, type FirewallState, ProblemError } from '@moru/types';
import type { Outcome } from '../process/start.ts';
import { commits } from './backend.ts';
import { checkChange, decideEdit } from './change.ts';
import { lockedPayload, namesOneRule, specifiedPayload } from './edit.ts';
import { holdsEscape } from './hostile.ts';
import { ownedText, revisionOf } from './revision.ts';
import { type LiveRules, readRules } from './rules.ts';
import { StaleRevision } from './stale.ts';
import { afterwards, readState, stateOf } from './state.ts';
import { refusal, type Strategy, type Tools } from './tools.ts';

/**
 * Makes one change and answers the state that the host is then in (design/safe-change.md, step 4). What really
 * stands there afterwards is read anew and compared with what should. Throws ProblemError; a StaleRevision
 * brings the state.
 */
export async function applyChange(
  tools: Tools,
  change: FirewallChange,
  rulesFile: string,
): Promise<FirewallState> {
  const checked = checkChange(change);
  const iptables = await tools.of(change.family);
  const plan: { intended?: RuleSet; certain: boolean } = { certain: false };
  let outcome: Outcome;
  try {
    outcome = await commits[iptables.strategy](iptables, change.table, (live) => {
      const completed = { ...live, set: completeRuleSet(live.set, change.table) };
      const edit = decideEdit(checked, completed);
      plan.intended = applyEdit(completed.set, edit);
      plan.certain = iptables.strategy !== 'verify' || namesOneRule(completed.set, edit);
      return payloadOf(iptables.strategy, completed, edit);
    });
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'revision.stale') {
      throw new StaleRevision(await readState(iptables, rulesFile));
    }
    throw error;
  }
  const live = await afterwards(() => readRules(iptables));
  if (outcome.exitCode !== 0 && revisionOf(live.set) === change.revision) throw refusal(outcome, iptables);
  const state = await afterwards(() => stateOf(iptables, live, rulesFile));
  if (plan.intended && ownedText(live.set) === ownedText(plan.intended)) return state;
  // it was made all the same; what another program did meanwhile stands in the state that we answer
  if (outcome.exitCode === 0 && plan.certain) return state;
  throw new StaleRevision(
    state,
    outcome.exitCode === 0
      ? 'The change was made while another program changed the rules as well.'
      : undefined,
  );
}

function payloadOf(strategy: Strategy, live: LiveRules, edit: Edit): string[] {
  if (strategy !== 'verify') return lockedPayload(live.set, edit);
  const payload = specifiedPayload(live.set, edit);
  if (live.hostile && payload.some(holdsEscape)) {
    throw new ProblemError('rule.refused', {
      detail: 'A rule with control characters can only be deleted by its number, on the host itself.',
    });
  }
  return payload;
}
