import type { Rule } from '../model.ts';
import { printRule } from '../print/print.ts';
import type { Alignment } from './align.ts';
import { DeleteKeys } from './delete-keys.ts';
import { insertion } from './numbered.ts';
import { type ChainLines, originOf, rewritten, ruleLine, writeLine } from './restore-lines.ts';

/**
 * Rules times edits up to which deletes by text stay near a second: 1.8.9 nft compares 600 rules in a millisecond
 * (1,000 deletes in 10,000 rules: 8.2 s; writing all 10,000 anew: 0.3 s).
 */
const affordable = 2_000_000;

/**
 * Lines for a chain that others may change at any moment (nft has no lock): rules are deleted by all of their text.
 *
 * `-D` takes the first rule that the tool finds equal. To take another, all up to it go and those that were to stay
 * are put back where they stood, counters and all. Writing the chain anew (`-F`) would do as well, but silently
 * loses what another program inserts meanwhile, while a wrong place shows in the dump that follows; so that is
 * left to rules whose text is not to be trusted, and to sizes where deletes by text take too long.
 */
export function namedLines(chain: string, alignment: Alignment): ChainLines {
  const { before, after, wentTo, keptFrom, kept, gaps } = alignment;
  const edits = before.length + after.length - 2 * kept;
  if (edits * before.length > affordable) return rewritten(chain, alignment);
  const deleted = gaps.flatMap(({ beforeStart, beforeEnd }) => range(beforeStart, beforeEnd));
  if (deleted.some((index) => isUnnamed(before[index]))) return rewritten(chain, alignment);

  const keys = new DeleteKeys(before);
  const lifted = new Set<number>();
  for (const index of deleted) {
    for (const equal of keys.equalAhead(index)) if (!isDeleted(alignment, equal)) lifted.add(equal);
  }
  const removals = [...deleted, ...lifted]
    .sort((a, b) => a - b)
    .map((index) => ruleLine(`-D ${chain}`, printAt(before, index)));

  const places = gaps.flatMap(({ afterStart, afterEnd }) => range(afterStart, afterEnd));
  for (const index of lifted) places.push(wentTo[index] ?? -1);
  const last = lastStaying(keptFrom, lifted);
  const insertions = places
    .sort((a, b) => a - b)
    .flatMap((index) => {
      const rule = after[index];
      const origin = originOf(alignment, index);
      return rule ? [writeLine(insertion(chain, index, index > last), rule, origin)] : [];
    });
  return { removals, insertions, rewritten: false };
}

const range = (start: number, end: number): number[] =>
  Array.from({ length: end - start }, (_, i) => start + i);

/** Whether the rule at this index before the change has to be deleted, if only to be written elsewhere. */
function isDeleted({ wentTo, keptFrom }: Alignment, index: number): boolean {
  const to = wentTo[index] ?? -1;
  return to < 0 || keptFrom[to] !== index;
}

/** The last place after the change whose rule is not touched; -1 when all are. */
function lastStaying(keptFrom: Int32Array, lifted: ReadonlySet<number>): number {
  for (let to = keptFrom.length - 1; to >= 0; to--) {
    const from = keptFrom[to] ?? -1;
    if (from >= 0 && !lifted.has(from)) return to;
  }
  return -1;
}

const printAt = (rules: readonly Rule[], index: number): string => {
  const rule = rules[index];
  return rule ? printRule(rule) : '';
};

/** What the agent makes of control characters in a dump: as it stands the text names another rule. */
const escaped = /\\(?:x[0-9a-f]{2}|u[0-9a-f]{4})/;

/** Whether the text may stand for another rule than the one on the host, so that it cannot be written again. */
export function isEscaped(rule: Rule): boolean {
  return escaped.test(printRule(rule));
}

/** Whether a rule cannot be told to the tool by its text: what could not be read may be the tool's own mistake. */
export function isUnnamed(rule: Rule | undefined): boolean {
  return rule !== undefined && (rule.verbatim !== null || isEscaped(rule));
}
