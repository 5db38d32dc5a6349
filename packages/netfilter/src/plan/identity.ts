import type { Rule, RuleSet } from '../model.ts';
import { ruleText } from '../print/print.ts';
import { align } from './align.ts';

/** Ids of the rules of a set by `TABLE CHAIN`, in the order of the rules. */
export type RuleIds = ReadonlyMap<string, readonly string[]>;

/** A rule set whose rules have ids. */
export interface Identified {
  set: RuleSet;
  ids: RuleIds;
}

/** A rule of a chain that went on as another, which its text does not tell: an edit in place. Places from 1. */
export interface RuleEdited {
  table: string;
  chain: string;
  from: number;
  to: number;
}

/**
 * Gives each rule an id that is unique in its chain and stays with it: what selection, focus and drafts hang on.
 *
 * Without `previous` an id is made of the rule's canonical text and of which of several equal ones it is
 * (`1k2j3h-1`), so that everybody who reads the same rules makes the same ids. With it, a rule that is still there
 * keeps its id wherever it has moved to and whatever its counters are, of equal ones first to first; one that was
 * edited keeps it if `edited` says so, and is a new rule if not.
 */
export function identify(
  next: RuleSet,
  previous?: Identified,
  edited: readonly RuleEdited[] = [],
): Identified {
  const ids = new Map<string, readonly string[]>();
  for (const table of next.tables) {
    const tableBefore = previous?.set.tables.find(({ name }) => name === table.name);
    for (const chain of table.chains) {
      const key = `${table.name} ${chain.name}`;
      const before = tableBefore?.chains.find(({ name }) => name === chain.name)?.rules ?? [];
      const idsBefore = previous?.ids.get(key) ?? [];
      const told = edited.filter((each) => each.table === table.name && each.chain === chain.name);
      ids.set(key, withNewIds(chain.rules, carriedIds(before, idsBefore, chain.rules, told)));
    }
  }
  return { set: next, ids };
}

/** By place the id that a rule brings along; undefined for a new rule. */
function carriedIds(
  before: readonly Rule[],
  ids: readonly string[],
  rules: readonly Rule[],
  edited: readonly RuleEdited[],
): (string | undefined)[] {
  if (before.length === 0) return rules.map(() => undefined);
  const { keptFrom, movedFrom } = align(before, rules);
  const carried = rules.map((_, index) => {
    const kept = keptFrom[index] ?? -1;
    return ids[kept >= 0 ? kept : (movedFrom[index] ?? -1)];
  });
  for (const { from, to } of edited) {
    const id = ids[from - 1];
    if (id === undefined || to > rules.length) continue;
    const taken = carried.indexOf(id);
    if (taken >= 0) carried[taken] = undefined;
    carried[to - 1] = id;
  }
  return carried;
}

function withNewIds(rules: readonly Rule[], carried: readonly (string | undefined)[]): string[] {
  const taken = new Set(carried);
  const used = new Map<string, number>();
  return rules.map((rule, index) => {
    const id = carried[index];
    if (id !== undefined) return id;
    const digest = digestOf(ruleText(rule));
    for (let number = (used.get(digest) ?? 0) + 1; ; number++) {
      const made = `${digest}-${number}`;
      if (taken.has(made)) continue;
      used.set(digest, number);
      taken.add(made);
      return made;
    }
  });
}

/** 53 bits of the text in base 36 (cyrb53); two texts with one digest only get another number behind it. */
function digestOf(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 2_654_435_761);
    b = Math.imul(b ^ c, 1_597_334_677);
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909);
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909);
  return (4_294_967_296 * (2_097_151 & b) + (a >>> 0)).toString(36);
}
