import { NetfilterError, parseRule, printRule } from '@moru/netfilter';
import type { Family, FirewallChange, FirewallSave, FirewallState } from '@moru/types';
import type { AgentTarget } from '../agent/channel.ts';
import type { AgentClient } from '../agent/client.ts';
import { settle, UnsettledWrite } from '../settle.ts';

/** Changes one rule, and answers the state afterwards. A lost answer is made good by a look at the host. */
export async function changeRules(
  agents: AgentClient,
  target: AgentTarget,
  change: FirewallChange,
  requestId: string,
): Promise<FirewallState> {
  const before = await agents.readFirewall(target, change.family, requestId);
  const shown = (after: FirewallState) => showsChange(change, before, after);
  return settled(agents, target, change, requestId, () => agents.change(target, change, requestId), shown);
}

/** Saves the running rules, in the same manner. */
export function saveRules(
  agents: AgentClient,
  target: AgentTarget,
  save: FirewallSave,
  requestId: string,
): Promise<FirewallState> {
  const shown = ({ revision, saved }: FirewallState) =>
    revision === save.revision ? saved.matches === true : null;
  return settled(agents, target, save, requestId, () => agents.save(target, save, requestId), shown);
}

/** `shown`: whether a state shows that the write was made; null when it cannot tell. */
async function settled(
  agents: AgentClient,
  target: AgentTarget,
  { family }: Pick<FirewallSave, 'family'>,
  requestId: string,
  write: () => Promise<FirewallState>,
  shown: (state: FirewallState) => boolean | null,
): Promise<FirewallState> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof UnsettledWrite)) throw error;
    return settle(error, async () => {
      const state = await agents.readFirewall(target, family, requestId);
      const made = shown(state);
      if (made === null) throw new Error('the state does not tell');
      return made ? state : null;
    });
  }
}

/**
 * The same revision as before shows that nothing was made; another one that it was when the rule stands there once
 * more (or less, for a deletion) than in the rules that the change was made from.
 */
function showsChange(change: FirewallChange, before: FirewallState, after: FirewallState): boolean | null {
  if (after.revision === change.revision) return false;
  if (before.revision !== change.revision) return null;
  const more = countRule(change, after) - countRule(change, before);
  return more === (change.type === 'append' ? 1 : -1) ? true : null;
}

/** How often the rule of a change stands in its chain, however it is written. */
function countRule({ table, chain, rule }: FirewallChange, { family, tables }: FirewallState): number {
  const wanted = canonical(rule, family);
  const chains = tables.find(({ name }) => name === table)?.chains;
  const rules = chains?.find(({ name }) => name === chain)?.rules ?? [];
  return rules.filter(({ text }) => canonical(text, family) === wanted).length;
}

/** A rule that our grammar does not know is compared as it is written. */
function canonical(text: string, family: Family): string {
  try {
    return printRule(parseRule(text, { family }));
  } catch (error) {
    if (error instanceof NetfilterError) return text;
    throw error;
  }
}
