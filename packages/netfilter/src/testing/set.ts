import type { Policy, Rule, RuleSet } from '../model.ts';
import { parseRule } from '../read/parse-rule.ts';

/** A rule set of one table with one chain. */
export function setOf(
  table: string,
  chain: string,
  rules: readonly (Rule | string)[],
  policy: Policy = 'ACCEPT',
): RuleSet {
  return {
    family: 'ipv4',
    tables: [
      {
        name: table,
        remarks: { before: [], inside: [], after: [] },
        chains: [
          {
            name: chain,
            policy,
            packets: 0n,
            bytes: 0n,
            rules: rules.map((rule) => (typeof rule === 'string' ? parseRule(rule) : rule)),
          },
        ],
      },
    ],
  };
}
