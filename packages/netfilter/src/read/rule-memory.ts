import type { Family, Rule } from '../model.ts';
import { recounted } from '../print/print.ts';

interface Entry {
  words: string;
  rule: Rule;
}

/**
 * The rules of the last texts by their words, for somebody who reads the rules of one host again and again: a line
 * that stood in one of them is not read anew (`parseSave` with `memory`). Rules that differ in nothing, counters
 * included, are the same object, so none may be changed in place. What two texts in a row do not hold is forgotten.
 */
export class RuleMemory {
  readonly family: Family;
  private fresh = new Map<string, Entry>();
  private old = new Map<string, Entry>();

  constructor(family: Family) {
    this.family = family;
  }

  /** A text begins. */
  turn(): void {
    this.old = this.fresh;
    this.fresh = new Map();
  }

  /** The rule of these words with these counters; undefined where they are new. */
  find(words: string, packets: bigint, bytes: bigint): Rule | undefined {
    // one that stands twice in a text is two rules
    const twin = this.fresh.get(words);
    if (twin) return recounted(twin.rule, packets, bytes);
    const entry = this.old.get(words);
    if (!entry) return undefined;
    const { rule } = entry;
    if (rule.packets !== packets || rule.bytes !== bytes || rule.remarks !== null) {
      entry.rule = recounted(rule, packets, bytes);
    }
    // with its old words: the new ones would keep the whole of the new text in memory
    this.fresh.set(entry.words, entry);
    return entry.rule;
  }

  keep(words: string, rule: Rule): void {
    this.fresh.set(words, { words, rule });
  }
}
