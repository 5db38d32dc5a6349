import { foreignOwner, type Owns, parseSave, type RuleSet } from '@moru/netfilter';
import { type FirewallState, ProblemError } from '@moru/types';

/** The rules of a host as they were read, and which of its chains are ours to write. */
export interface HostRules {
  set: RuleSet;
  owns: Owns;
}

/** Rejects with `body.tooLarge` where the host has more rules than an answer holds. */
export function rulesOf(state: FirewallState): HostRules {
  const foreign = new Set<string>();
  const lines: string[] = [];
  for (const { name, chains } of state.tables) {
    lines.push(`*${name}`, ...chains.map((chain) => `:${chain.name} ${chain.policy ?? '-'} [0:0]`));
    for (const chain of chains) {
      if (chain.owner === 'foreign') foreign.add(`${name} ${chain.name}`);
      else if (chain.omitted) throw new ProblemError('body.tooLarge');
      for (const { text } of chain.rules) lines.push(`-A ${chain.name} ${text}`);
    }
    lines.push('COMMIT');
  }
  const set = parseSave(`${lines.join('\n')}\n`, { family: state.family, unreadable: 'keep' });
  const owns: Owns = (table, chain) => !foreign.has(`${table} ${chain}`) && foreignOwner(chain) === null;
  return { set, owns };
}
