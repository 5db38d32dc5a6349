import type { Rule } from '../model.ts';
import { printRule } from './print.ts';

const texts = new WeakMap<Rule, string>();

/**
 * As `printRule`, remembered for as long as the rule lives: for rules that are compared again and again and that
 * nobody changes in place.
 */
export function ruleText(rule: Rule): string {
  let text = texts.get(rule);
  if (text === undefined) {
    text = printRule(rule);
    texts.set(rule, text);
  }
  return text;
}

/** The rule without remarks and with other counters. */
export function recounted(rule: Rule, packets: bigint, bytes: bigint): Rule {
  const copy: Rule = { ...rule, remarks: null, packets, bytes };
  const text = texts.get(rule);
  if (text !== undefined) texts.set(copy, text);
  return copy;
}
