import { completeRuleSet } from '@moru/netfilter';
import { type FirewallState, type FirewallZero, ProblemError } from '@moru/types';
import { ownerOf } from '../foreign/ownership.ts';
import { commits } from './backend.ts';
import { isRule } from './change.ts';
import { policyHeaders } from './edit.ts';
import type { LiveRules } from './rules.ts';
import { afterwards, readState } from './state.ts';
import { refusal, type Tools } from './tools.ts';

/**
 * Sets counters to zero (`-Z`) and answers the state afterwards. Other programs' chains keep theirs, which they may
 * go by. On nft, where nothing can be locked, a rule that another program puts in at this very moment may be the one
 * whose counter starts anew. Throws ProblemError `chain.foreign`, `chain.notFound`, `rule.notFound`, `host.busy` or
 * `rule.refused`.
 */
export async function zeroCounters(
  tools: Tools,
  zero: FirewallZero,
  rulesFile: string,
): Promise<FirewallState> {
  if (zero.chain !== null && ownerOf(zero.chain) !== null) throw new ProblemError('chain.foreign');
  const iptables = await tools.of(zero.family);
  const outcome = await commits[iptables.strategy](iptables, zero.table, (live) =>
    payloadOf(live, zero, iptables.strategy !== 'verify'),
  );
  if (outcome.exitCode !== 0) throw refusal(outcome, iptables);
  return afterwards(() => readState(iptables, rulesFile));
}

function payloadOf(live: LiveRules, { family, table, chain, rule }: FirewallZero, withHeaders: boolean) {
  const chains = completeRuleSet(live.set, table).tables.find(({ name }) => name === table)?.chains ?? [];
  const meant = chains.filter(({ name }) => (chain === null ? ownerOf(name) === null : name === chain));
  if (chain !== null && meant.length === 0) throw new ProblemError('chain.notFound');
  if (rule !== null) {
    const found = meant[0]?.rules[rule.number - 1];
    if (!found || !isRule(found, rule.text, family)) throw new ProblemError('rule.notFound');
  }
  const whole = rule === null ? new Set(meant.map(({ name }) => name)) : new Set<string>();
  const headers = chains.map((each) => (whole.has(each.name) ? { ...each, packets: 0n, bytes: 0n } : each));
  return [
    ...(withHeaders ? policyHeaders(headers) : []),
    ...meant.map(({ name }) => (rule === null ? `-Z ${name}` : `-Z ${name} ${rule.number}`)),
  ];
}
