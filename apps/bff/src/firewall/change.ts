import type { FirewallChange, FirewallSave, FirewallState } from '@moru/types';
import type { AgentTarget } from '../agent/channel.ts';
import type { AgentClient } from '../agent/client.ts';
import { settle, UnsettledWrite } from '../settle.ts';

/** Changes one rule, and answers the state afterwards. A lost answer is made good by a look at the host. */
export function changeRules(
  agents: AgentClient,
  target: AgentTarget,
  change: FirewallChange,
  requestId: string,
): Promise<FirewallState> {
  const done = (state: FirewallState) => showsChange(change, state);
  return settled(agents, target, change, requestId, () => agents.change(target, change, requestId), done);
}

/** Saves the running rules, in the same manner. */
export function saveRules(
  agents: AgentClient,
  target: AgentTarget,
  save: FirewallSave,
  requestId: string,
): Promise<FirewallState> {
  const done = ({ revision, saved }: FirewallState) => revision === save.revision && saved.matches === true;
  return settled(agents, target, save, requestId, () => agents.save(target, save, requestId), done);
}

async function settled(
  agents: AgentClient,
  target: AgentTarget,
  { family }: Pick<FirewallSave, 'family'>,
  requestId: string,
  write: () => Promise<FirewallState>,
  done: (state: FirewallState) => boolean,
): Promise<FirewallState> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof UnsettledWrite)) throw error;
    return settle(error, async () => {
      const state = await agents.readFirewall(target, family, requestId);
      return done(state) ? state : null;
    });
  }
}

/**
 * Whether the rules are what the change would have made of them. With another writer in between this may not be
 * decided: then no is the answer, and the outcome stays unknown.
 */
function showsChange(change: FirewallChange, state: FirewallState): boolean {
  if (state.revision === change.revision) return false;
  const table = state.tables.find(({ name }) => name === change.table);
  const rules = table?.chains.find(({ name }) => name === change.chain)?.rules;
  if (!rules) return false;
  if (change.type === 'append') return rules.at(-1)?.text === change.rule;
  return rules.every(({ text }) => text !== change.rule);
}
