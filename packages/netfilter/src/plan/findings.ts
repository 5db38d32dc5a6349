import type { Finding } from '../check/validate.ts';
import { builtInChains, type Chain, type Rule } from '../model.ts';
import type { ChainPair } from './chain-pairs.ts';
import { isEscaped } from './named.ts';
import type { PlannedChain, PlannedTable } from './planned.ts';
import { sameRule } from './same-rule.ts';

/** What stands against changing this table as wanted. */
export function tableFindings({ table, chains, planned }: PlannedTable): Finding[] {
  if (!Object.hasOwn(builtInChains, table)) return [error('table', 'save.tableUnknown', { table })];
  return [
    ...chains.flatMap((pair) => [...foreignFindings(pair), ...nameFindings(pair)]),
    ...jumpFindings(chains, planned),
    ...planned.flatMap(escapedFindings),
  ];
}

/** A foreign chain is never written: its rules are its program's, and to name it in a payload is to empty it. */
function foreignFindings({ table, name, owned, before, after }: ChainPair): Finding[] {
  if (owned) return [];
  const change = !before ? 'created' : !after ? 'deleted' : sameChain(before, after) ? null : 'changed';
  return change ? [error('chain', 'plan.foreignChain', { table, chain: name, change })] : [];
}

const sameChain = (a: Chain, b: Chain): boolean =>
  a.policy === b.policy &&
  a.rules.length === b.rules.length &&
  a.rules.every((rule, index) => rule === b.rules[index] || sameRule(rule, b.rules[index] ?? rule));

/** reference/iptables.md section 1; quotes and control characters would be read as something else. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const newName = /^(?![-!:[*#])[^\s"'\\\u0000-\u001f\u007f-\u009f]{1,28}$/;

function nameFindings({ table, name, owned, before }: ChainPair): Finding[] {
  if (!owned || before || newName.test(name)) return [];
  return [error('chain', 'chain.name', { table, chain: name })];
}

/** Jumps to what is not there afterwards; what is kept can only lead nowhere when a chain goes. */
function jumpFindings(chains: readonly ChainPair[], planned: readonly PlannedChain[]): Finding[] {
  const there = new Set(
    chains.filter(({ owned, before, after }) => (owned ? after : before)).map(({ name }) => name),
  );
  const gone = chains.some(({ owned, after }) => owned && !after);
  if (gone) return chains.flatMap((pair) => missingTargets(pair, sideThatStays(pair), there));
  return planned.flatMap(({ pair, alignment: { after, gaps } }) =>
    gaps.flatMap(({ afterStart, afterEnd }) =>
      missingTargets(pair, after.slice(afterStart, afterEnd), there),
    ),
  );
}

const sideThatStays = ({ owned, before, after }: ChainPair): readonly Rule[] =>
  (owned ? after : before)?.rules ?? [];

function missingTargets(
  { table, name, owned }: ChainPair,
  rules: readonly Rule[],
  there: ReadonlySet<string>,
): Finding[] {
  const findings = new Map<string, Finding>();
  for (let index = 0; index < rules.length; index++) {
    const target = rules[index]?.target ?? null;
    if (target?.kind !== 'chain' || there.has(target.name) || findings.has(target.name)) continue;
    const finding = owned
      ? error('target', 'chain.missing', { table, chain: target.name })
      : error('chain', 'chain.inUse', { table, chain: target.name, by: name, number: index + 1 });
    findings.set(target.name, finding);
  }
  return [...findings.values()];
}

/** Rules whose text names another rule: to be written again, or to be brought back by the revert. */
function escapedFindings({ pair, alignment, change, lines }: PlannedChain): Finding[] {
  const { after, keptFrom, movedFrom, gaps } = alignment;
  const place = { table: pair.table, chain: pair.name };
  const written = lines.rewritten ? [{ afterStart: 0, afterEnd: after.length }] : gaps;
  const findings: Finding[] = [];
  for (const { afterStart, afterEnd } of written) {
    for (let index = afterStart; index < afterEnd; index++) {
      const rule = after[index];
      const old = keptFrom[index] !== -1 || movedFrom[index] !== -1;
      if (!rule || !old || !isEscaped(rule)) continue;
      findings.push(error('match', 'plan.escapedRule', { ...place, number: index + 1 }));
    }
  }
  const gone = [...change.removed, ...change.replaced.map(({ from, before }) => ({ from, rule: before }))];
  for (const { from, rule } of gone) {
    if (!isEscaped(rule)) continue;
    const finding = error('match', 'plan.notRestorable', { ...place, number: from });
    findings.push({ ...finding, severity: 'warning' });
  }
  return findings;
}

const error = (field: string, code: Finding['code'], params: Finding['params']): Finding => ({
  field,
  code,
  severity: 'error',
  params,
});
