import { type Chain, completeRuleSet, parseRule, type RuleSet } from '@moru/netfilter';
import { ProblemError, type SshguardProposal } from '@moru/types';
import { revisionOf } from '../firewall/revision.ts';
import { readRules } from '../firewall/rules.ts';
import type { Iptables } from '../firewall/tools.ts';
import { ownedSave, tableOf } from '../trial/rewrite.ts';
import { guardChain } from './read-chain.ts';

/**
 * The rules that run with the jump to SSHGUARD's chain ahead of everything in INPUT, as the images have it, and with
 * the chain where it is missing; to be tried as any other change. Throws ProblemError `rule.hostile` or `host.failed`.
 */
export async function proposeJump(iptables: Iptables): Promise<SshguardProposal> {
  const { set, hostile } = await readRules(iptables);
  if (hostile) throw new ProblemError('rule.hostile');
  const complete = completeRuleSet(set);
  const chains = tableOf(complete, 'filter')?.chains ?? [];
  const createsChain = !chains.some(({ name }) => name === guardChain);
  const wanted = chains.some(leadsToGuard)
    ? null
    : { revision: revisionOf(set), rules: ownedSave(withJump(complete, createsChain)) };
  const place = { table: 'filter', chain: 'INPUT', number: 1 } as const;
  return { family: iptables.family, wanted, step: { ...place, rule: `-j ${guardChain}`, createsChain } };
}

const leadsToGuard = ({ rules }: Chain): boolean =>
  rules.some(({ target }) => target?.kind === 'chain' && target.name === guardChain);

function withJump(set: RuleSet, createsChain: boolean): RuleSet {
  const jump = parseRule(`-j ${guardChain}`, { family: set.family });
  const made: Chain = { name: guardChain, policy: null, packets: 0n, bytes: 0n, rules: [] };
  const tables = set.tables.map((table) => {
    if (table.name !== 'filter') return table;
    const chains = table.chains.map((chain) =>
      chain.name === 'INPUT' ? { ...chain, rules: [jump, ...chain.rules] } : chain,
    );
    return { ...table, chains: createsChain ? [...chains, made] : chains };
  });
  return { ...set, tables };
}
