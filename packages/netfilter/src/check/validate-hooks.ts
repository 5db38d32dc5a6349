import { type Bag, type Extension, matchCatalog, targetCatalog } from '../extensions/catalog.ts';
import { isBuiltIn, type Rule } from '../model.ts';
import { type Reach, wayTo } from './chain-graph.ts';
import { placesOf } from './places.ts';
import type { Finding } from './validate.ts';

/** Hooks at which there is no such interface yet, or no longer. */
const noInput = ['OUTPUT', 'POSTROUTING'];
const noOutput = ['INPUT', 'PREROUTING'];

export interface HookPlace {
  table: string;
  /** not a built-in one */
  chain: string;
  /** which built-in chains lead here */
  reach: Reach;
  backend?: 'legacy' | 'nft';
}

/**
 * What is wrong with a rule of a user chain because of where the chain is reached from. A target or match that the
 * kernel takes at other hooks only is an error; on nft a warning where its options decide, since nft looks at them in
 * built-in chains only. An interface that no packet has at any of the hooks is a warning: the kernel takes the rule,
 * which then matches nothing.
 */
export function validateHooks(rule: Rule, { table, chain, reach, backend }: HookPlace): Finding[] {
  if (isBuiltIn(table, chain) || rule.verbatim !== null) return [];
  const findings: Finding[] = [];
  const add = (hook: string, finding: Omit<Finding, 'params'>, params: Finding['params'] = {}) => {
    const via = wayTo(reach, hook, chain).join(' > ');
    findings.push({ ...finding, params: { chain: hook, via, ...params } });
  };
  const hooks = [...reach].filter(([, before]) => before.has(chain)).map(([hook]) => hook);
  const noneOf = (without: readonly string[]) => hooks.every((hook) => without.includes(hook));
  const [lacksInput, lacksOutput] = [noneOf(noInput), noneOf(noOutput)];
  for (const hook of hooks) {
    const refuses = (extension: Extension | undefined, values: object): Finding['severity'] | null => {
      if (!extension) return null;
      const { chains, byOptions } = placesOf(extension, values as Bag);
      if (chains === null || chains.includes(hook)) return null;
      return byOptions && backend === 'nft' ? 'warning' : 'error';
    };
    if (rule.inInterface && lacksInput) {
      add(hook, { field: 'inInterface', code: 'interface.inOutput', severity: 'warning' });
    }
    if (rule.outInterface && lacksOutput) {
      add(hook, { field: 'outInterface', code: 'interface.outInput', severity: 'warning' });
    }
    for (const match of rule.matches) {
      const severity = match.modelled ? refuses(matchCatalog.get(match.name), match) : null;
      if (severity === null) continue;
      add(hook, { field: 'match', code: 'match.place', severity }, { match: match.name });
    }
    const { target } = rule;
    if (target?.kind !== 'extension' || !target.modelled) continue;
    const severity = refuses(targetCatalog.get(target.name), target);
    if (severity === null) continue;
    add(hook, { field: 'target', code: 'target.place', severity }, { target: target.name, table });
  }
  return findings;
}
