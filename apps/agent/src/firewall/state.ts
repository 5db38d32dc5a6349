import { completeRuleSet, type RuleSet, viewChains, viewSshguard } from '@moru/netfilter';
import { type FirewallRevision, type FirewallState, ProblemError, type TableName } from '@moru/types';
import { ownerOf } from '../foreign/ownership.ts';
import { messageOf } from '../log.ts';
import { withinAnswer } from './answer-size.ts';
import { otherBackendHoldsRules } from './other-backend.ts';
import { revisionOf } from './revision.ts';
import { type LiveRules, readRules, watchCounters } from './rules.ts';
import { readSaved } from './saved.ts';
import type { Iptables } from './tools.ts';

/** What the firewall tab shows, from rules just read. */
export async function stateOf(
  iptables: Iptables,
  live: LiveRules,
  rulesFile: string,
): Promise<FirewallState> {
  const readAt = new Date().toISOString();
  const set = completeRuleSet(live.set);
  const [saved, otherBackend] = await Promise.all([
    readSaved(rulesFile, iptables.family, set),
    otherBackendHoldsRules(iptables),
  ]);
  return {
    family: iptables.family,
    readAt,
    revision: revisionOf(set),
    iptables: iptables.version,
    tables: withinAnswer(
      set.tables.map((table) => ({
        name: table.name as TableName,
        chains: viewChains(table, ownerOf),
      })),
    ),
    saved,
    sshguard: viewSshguard(set),
    otherBackend,
  };
}

/** What of the state takes the rules to tell, and not the rules. */
export async function readRevision(iptables: Iptables, rulesFile: string): Promise<FirewallRevision> {
  const { set } = await readRules(iptables, undefined, watchCounters);
  return {
    revision: revisionOf(set),
    saved: await readSaved(rulesFile, iptables.family, completeRuleSet(set)),
  };
}

/** `shown` is told of the rules that a caller will see, under their revision. */
export async function readState(
  iptables: Iptables,
  rulesFile: string,
  shown: (revision: string, set: RuleSet) => Promise<void> = async () => {},
): Promise<FirewallState> {
  const live = await readRules(iptables);
  const state = await stateOf(iptables, live, rulesFile);
  // what cannot be written down again is no base of a draft
  if (!live.hostile) await shown(state.revision, live.set);
  return state;
}

/** A look at the host after a change to it: where it fails, the outcome is unknown and not what the look says. */
export async function afterwards<Seen>(look: () => Promise<Seen>): Promise<Seen> {
  try {
    return await look();
  } catch (error) {
    throw new ProblemError('outcome.unknown', { detail: messageOf(error) }, { cause: error });
  }
}
