import { type DraftChain, type Entry, textOf } from './draft-rules.ts';

/** What a draft does to a rule. */
export type Mark = 'added' | 'edited' | 'deleted' | 'moved' | 'off' | 'on';

/** A rule as the grid shows it: as it would stand, or as it stands where it is to go. */
export interface Line {
  entry: Entry;
  mark: Mark | null;
  /** as it stands on the host, where the draft edits it */
  before: Entry | null;
  /** its number on the host; null for one that is not there */
  from: number | null;
  /** its number with the draft; null for one that is not to be there */
  to: number | null;
}

/**
 * The rules of a chain with what the draft does to them. Deleted ones stand where they were: behind the rule that
 * stood before them.
 * @param moving ids of rules that were moved by hand: of several ways to say what moved, theirs is the one meant
 */
export function linesOf(
  base: DraftChain | undefined,
  now: DraftChain | undefined,
  moving: ReadonlySet<string> = new Set(),
): Line[] {
  const was = numbered(base?.entries ?? []);
  const will = numbered(now?.entries ?? []);
  const moved = movedIds(
    [...will.keys()].filter((id) => was.has(id)),
    new Map([...was.keys()].map((id, index) => [id, index])),
    moving,
  );
  const lines = [...will.values()].map(({ entry, number }): Line => {
    const before = was.get(entry.id);
    const mark = markOf(entry, before?.entry, moved.has(entry.id));
    return {
      entry,
      mark,
      before: mark === 'edited' ? (before?.entry ?? null) : null,
      from: before?.number ?? null,
      to: number,
    };
  });
  return withDeleted(lines, [...was.values()], will, moved);
}

interface Numbered {
  entry: Entry;
  number: number | null;
}

function numbered(entries: readonly Entry[]): Map<string, Numbered> {
  let number = 0;
  return new Map(
    entries.map((entry) => {
      if (!entry.off) number += 1;
      return [entry.id, { entry, number: entry.off ? null : number }];
    }),
  );
}

function markOf(entry: Entry, before: Entry | undefined, moved: boolean): Mark | null {
  if (!before) return 'added';
  if (entry.off !== before.off) return entry.off ? 'off' : 'on';
  if (entry.rule !== before.rule && textOf(entry.rule) !== textOf(before.rule)) return 'edited';
  return moved ? 'moved' : null;
}

function withDeleted(
  lines: Line[],
  was: readonly Numbered[],
  will: ReadonlyMap<string, Numbered>,
  moved: ReadonlySet<string>,
): Line[] {
  if (was.every(({ entry }) => will.has(entry.id))) return lines;
  const behind = new Map<string | null, Line[]>();
  let last: string | null = null;
  for (const { entry, number } of was) {
    if (will.has(entry.id)) {
      if (!moved.has(entry.id)) last = entry.id;
      continue;
    }
    const line: Line = { entry, mark: 'deleted', before: null, from: number, to: null };
    behind.set(last, [...(behind.get(last) ?? []), line]);
  }
  return [
    ...(behind.get(null) ?? []),
    ...lines.flatMap((line) => [line, ...(behind.get(line.entry.id) ?? [])]),
  ];
}

/** Which of the rules that stay change their place among the others: as few as can be. */
function movedIds(
  order: readonly string[],
  rank: ReadonlyMap<string, number>,
  moving: ReadonlySet<string>,
): Set<string> {
  const ranks = order.map((id) => rank.get(id) ?? 0);
  if (isAscending(ranks)) return new Set();
  const still = order.filter((id) => !moving.has(id));
  const stillRanks = still.map((id) => rank.get(id) ?? 0);
  const kept = new Set(isAscending(stillRanks) ? still : longestAscending(order, ranks));
  const back = order.filter(
    (id, index) => moving.has(id) && !kept.has(id) && fits(index, order, ranks, kept),
  );
  const settled = new Set([...kept, ...back]);
  const settledRanks = ranks.filter((_, index) => settled.has(order[index] ?? ''));
  const staying = isAscending(settledRanks) ? settled : kept;
  return new Set(order.filter((id) => !staying.has(id)));
}

const isAscending = (ranks: readonly number[]): boolean =>
  ranks.every((rank, index) => index === 0 || rank > (ranks[index - 1] ?? -1));

/** A rule that was moved and moved back stands between the same rules as before. */
function fits(
  index: number,
  order: readonly string[],
  ranks: readonly number[],
  kept: ReadonlySet<string>,
): boolean {
  const rank = ranks[index] ?? 0;
  const above = order.findLastIndex((id, at) => at < index && kept.has(id));
  const below = order.findIndex((id, at) => at > index && kept.has(id));
  return (above < 0 || (ranks[above] ?? 0) < rank) && (below < 0 || (ranks[below] ?? 0) > rank);
}

/** Patience sorting: n log n. */
function longestAscending(order: readonly string[], ranks: readonly number[]): string[] {
  const tails: number[] = [];
  const previous: number[] = [];
  for (const [index, rank] of ranks.entries()) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ranks[tails[middle] ?? 0] ?? 0) < rank) low = middle + 1;
      else high = middle;
    }
    previous[index] = low > 0 ? (tails[low - 1] ?? -1) : -1;
    tails[low] = index;
  }
  const out: string[] = [];
  for (let at = tails.at(-1) ?? -1; at >= 0; at = previous[at] ?? -1) out.push(order[at] ?? '');
  return out.reverse();
}
