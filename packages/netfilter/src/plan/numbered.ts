import type { Alignment } from './align.ts';
import { type ChainLines, originOf, rewritten, writeLine } from './restore-lines.ts';

/**
 * Rules times edits up to which the tool's walks to each number stay below some 100 ms (1.8.9 legacy: 1,000 deletes
 * in 50,000 rules take 300 ms; writing all 50,000 anew takes 200). The lock is held meanwhile.
 */
const affordable = 20_000_000;

/**
 * Lines for a chain that nobody else can change between reading and COMMIT: rules are named by number.
 *
 * Numbers are right because of the order: `-R` changes no number; `-D` goes from the last to the first, so that the
 * numbers ahead stay; `-I` goes from the first to the last, when all that is to stand ahead is there already and
 * the number is that of the finished chain.
 */
export function numberedLines(chain: string, alignment: Alignment): ChainLines {
  const { before, after, gaps, kept } = alignment;
  const edits = before.length + after.length - 2 * kept;
  const nothingLeft = kept === 0 && before.length > after.length + 1;
  if (nothingLeft || edits * before.length > affordable) return rewritten(chain, alignment);

  const replaced: string[] = [];
  const deleted: string[] = [];
  const insertions: string[] = [];
  for (const { beforeStart, beforeEnd, afterStart, afterEnd } of gaps) {
    const both = Math.min(beforeEnd - beforeStart, afterEnd - afterStart);
    for (let index = afterStart; index < afterEnd; index++) {
      const rule = after[index];
      if (!rule) continue;
      const offset = index - afterStart;
      const origin = originOf(alignment, index);
      if (offset < both) replaced.push(writeLine(`-R ${chain} ${beforeStart + offset + 1}`, rule, origin));
      else insertions.push(writeLine(insertion(chain, index, beforeEnd === before.length), rule, origin));
    }
    for (let index = beforeStart + both; index < beforeEnd; index++) deleted.push(`-D ${chain} ${index + 1}`);
  }
  return { removals: [...replaced, ...deleted.reverse()], insertions, rewritten: false };
}

/** `-A` behind the last rule that stays, else `-I` at the place in the finished chain; the first is the default. */
export function insertion(chain: string, index: number, atEnd: boolean): string {
  if (atEnd) return `-A ${chain}`;
  return index === 0 ? `-I ${chain}` : `-I ${chain} ${index + 1}`;
}
