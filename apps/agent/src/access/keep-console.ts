import { completeRuleSet, parseRule, printRule, type RuleSet } from '@moru/netfilter';
import type { AccessPath, KeepAccessStep } from '@moru/types';

const widths = { ipv4: 32, ipv6: 128 };

/** The rules that let the console's address reach the agent, first in their chains, and the draft with them. */
export function keepConsole(
  draft: RuleSet,
  { family, peer, port, packets }: AccessPath,
): { steps: KeepAccessStep[]; draft: RuleSet } {
  const lost = (direction: 'in' | 'out') =>
    packets.some((packet) => packet.direction === direction && packet.draft.state !== 'kept');
  const host = `${peer}/${widths[family]}`;
  const steps: KeepAccessStep[] = [];
  const step = (chain: 'INPUT' | 'OUTPUT', text: string) => {
    const rule = printRule(parseRule(text, { family }));
    steps.push({ family, table: 'filter', chain, number: 1, rule });
  };
  if (lost('in')) step('INPUT', `-s ${host} -p tcp -m tcp --dport ${port} -j ACCEPT`);
  if (lost('out')) step('OUTPUT', `-d ${host} -p tcp -m tcp --sport ${port} -j ACCEPT`);
  const tables = completeRuleSet(draft).tables.map((table) => ({
    ...table,
    chains: table.chains.map((chain) => {
      const first = steps.filter((each) => table.name === 'filter' && each.chain === chain.name);
      const rules = first.map(({ rule }) => parseRule(rule, { family }));
      return { ...chain, rules: [...rules, ...chain.rules] };
    }),
  }));
  return { steps, draft: { ...draft, tables } };
}
