import {
  type Edit,
  isModelled,
  NetfilterError,
  parseRule,
  printRule,
  type Rule,
  validateRule,
} from '@moru/netfilter';
import { type Family, type FieldError, type FirewallChange, ProblemError } from '@moru/types';
import { ownerOf } from '../foreign/ownership.ts';
import { revisionOf } from './revision.ts';
import type { LiveRules } from './rules.ts';

function invalid(fields: FieldError[]): ProblemError {
  return new ProblemError('rule.invalid', { fields });
}

/** `rule.sourcePort` and the like; the form and the raw text have their own names for the places. */
function readRule(text: string, family: Family): Rule {
  try {
    return parseRule(text, { family });
  } catch (error) {
    if (!(error instanceof NetfilterError)) throw error;
    throw invalid([
      {
        field: error.field ? `rule.${error.field}` : 'rule',
        code: error.code,
        params: error.params,
        detail: error.message,
      },
    ]);
  }
}

/**
 * Throws unless the rule may stand in the chain; `chains` are the live ones, where they are known already. What
 * is only doubtful (an address that never matches) is for the console to warn of, and goes through.
 */
function assertValid(rule: Rule, change: FirewallChange, chains?: readonly string[]): void {
  const findings = validateRule(rule, {
    table: change.table,
    chain: change.chain,
    ...(chains && { chains }),
  });
  const errors = findings.filter((finding) => finding.severity === 'error');
  if (errors.length === 0) return;
  throw invalid(errors.map(({ field, code, params }) => ({ field: `rule.${field}`, code, params })));
}

export interface CheckedChange {
  change: FirewallChange;
  /** the rule of an append; of a delete null, its text is only compared */
  rule: Rule | null;
}

/**
 * Everything that can be refused without looking at the host: no process has started yet. Whatever text came
 * over the wire, from here on only the model of the rule is used, printed anew by ourselves.
 * Throws ProblemError `chain.foreign` or `rule.invalid`.
 */
export function checkChange(change: FirewallChange): CheckedChange {
  if (ownerOf(change.chain) !== null) throw new ProblemError('chain.foreign');
  if (change.type === 'delete') return { change, rule: null };
  const rule = readRule(change.rule, change.family);
  if (!isModelled(rule)) throw invalid([{ field: 'rule', code: 'rule.notModelled' }]);
  assertValid(rule, change);
  return { change, rule };
}

/**
 * The edit that the change means for the rules as they are now. Throws ProblemError `revision.stale`,
 * `chain.notFound`, `rule.notFound` or `rule.invalid`; `rule.hostile` for a rule that no text can name.
 */
export function decideEdit({ change, rule }: CheckedChange, live: LiveRules): Edit {
  const { table, chain } = change;
  const chains = live.set.tables.find((each) => each.name === table)?.chains ?? [];
  const rules = chains.find((each) => each.name === chain)?.rules;
  if (revisionOf(live.set) !== change.revision) throw new ProblemError('revision.stale');
  if (!rules) throw new ProblemError('chain.notFound');
  if (change.type === 'delete') {
    const found = rules[change.number - 1];
    if (!found || !isRule(found, change.rule, change.family)) throw new ProblemError('rule.notFound');
    return { type: 'delete', table, chain, number: change.number };
  }
  if (!rule) throw new TypeError('an append without its rule');
  assertValid(
    rule,
    change,
    chains.map((each) => each.name),
  );
  return { type: 'append', table, chain, rule };
}

/** The text as it was shown, or another way to write the same rule. */
export function isRule(live: Rule, text: string, family: Family): boolean {
  const shown = printRule(live);
  if (text === shown) return true;
  try {
    return printRule(parseRule(text, { family })) === shown;
  } catch (error) {
    if (error instanceof NetfilterError) return false;
    throw error;
  }
}
