import { compileRuleSet, type EvaluateOptions, evaluate } from '../evaluate/evaluate.ts';
import type { PacketFields } from '../evaluate/packet.ts';
import type { Rule, RuleSet } from '../model.ts';
import { printRule } from '../print/print.ts';
import { accepting, type PacketJudgement } from './judge.ts';
import { stranger } from './named.ts';

const jumpsTo = (chain: string) => (rule: Rule | null) =>
  rule?.target?.kind === 'chain' && rule.target.name === chain;

/**
 * Whether strangers who knock at a port meet a chain (SSHGUARD's) before anything lets them in: `lost` names the rule
 * that does so first. Whoever is stopped anyway needs no guard. Null where no rule of INPUT leads to the chain and the
 * chain itself is not there.
 */
export function meetsChain(
  set: RuleSet,
  chain: string,
  packet: Omit<PacketFields, 'source'>,
  options: EvaluateOptions = {},
): PacketJudgement | null {
  const chains = set.tables.find(({ name }) => name === 'filter')?.chains ?? [];
  const jump = chains
    .flatMap(({ name, rules }) => rules.map((rule, index) => ({ chain: name, number: index + 1, rule })))
    .find(({ rule }) => jumpsTo(chain)(rule));
  if (!jump && !chains.some(({ name }) => name === chain)) return null;
  const evaluator = compileRuleSet(set, options);
  const { ways, complete } = evaluate(evaluator, { ...packet, source: stranger(set) }, 'input');
  if (!complete) return { state: 'unknown', deciders: [] };
  const unguarded = ways.find(
    ({ verdict, path }) => verdict === 'accept' && !path.some(({ rule }) => jumpsTo(chain)(rule)),
  );
  if (!unguarded) {
    const text = jump ? printRule(jump.rule) : '';
    const deciders = jump
      ? [{ table: 'filter', chain: jump.chain, number: jump.number, kind: 'rule' as const, text }]
      : [];
    return { state: 'kept', deciders };
  }
  const opener = accepting(unguarded);
  return { state: 'lost', deciders: opener ? [opener] : [] };
}
