import type { Chain, Policy, Rule } from '../model.ts';
import { printRule } from '../print/print.ts';
import type { Alignment } from './align.ts';

/**
 * Lines of one chain. All removals of a table go before all insertions: a jump back to a chain that no longer jumps
 * here would else be a loop for a moment, and old kernels look for loops at each rule.
 */
export interface ChainLines {
  removals: string[];
  insertions: string[];
  /** the chain is emptied first: what others put there since it was read goes too */
  rewritten: boolean;
}

/** A rule that tests and does nothing prints as nothing. */
export const ruleLine = (command: string, words: string): string =>
  words === '' ? command : `${command} ${words}`;

/** With `-c` a rule without counters begins at zero (reference/iptables.md section 6.1). */
const counted = ({ packets, bytes }: Rule, command: string): string =>
  packets === 0n && bytes === 0n ? command : `[${packets}:${bytes}] ${command}`;

/** `[packets:bytes] -A CHAIN words`, or with another command; the counters are those of `origin`. */
export const writeLine = (command: string, rule: Rule, origin = rule): string =>
  ruleLine(counted(origin, command), printRule(rule));

/** Keeps a built-in chain's rules; sets policy and counters. */
export const policyLine = ({ name, packets, bytes }: Chain, policy: Policy): string =>
  `:${name} ${policy} [${packets}:${bytes}]`;

/** The rule whose counters the rule at this index after the change goes on with. */
export function originOf({ before, after, keptFrom, movedFrom }: Alignment, index: number): Rule | undefined {
  return before[keptFrom[index] ?? -1] ?? before[movedFrom[index] ?? -1] ?? after[index];
}

/** The chain emptied and written anew, counters and all. */
export function rewritten(chain: string, alignment: Alignment): ChainLines {
  return {
    removals: alignment.before.length > 0 ? [`-F ${chain}`] : [],
    insertions: alignment.after.map((rule, index) =>
      writeLine(`-A ${chain}`, rule, originOf(alignment, index)),
    ),
    rewritten: true,
  };
}
