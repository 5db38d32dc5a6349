import { createHash } from 'node:crypto';
import { canonicalText, completeRuleSet, type RuleSet } from '@moru/netfilter';
import { ownerOf } from '../foreign/ownership.ts';

/** The owned rules as one text; equal for rule sets that do the same with what is ours. */
export function ownedText(set: RuleSet): string {
  return canonicalText(completeRuleSet(set), ownerOf);
}

/** SHA-256 (hex) of the owned rules, without counters (design/safe-change.md, step 1). */
export function revisionOf(set: RuleSet): string {
  return createHash('sha256').update(ownedText(set)).digest('hex');
}
