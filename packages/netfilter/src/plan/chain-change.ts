import type { Policy, Rule } from '../model.ts';
import type { Alignment } from './align.ts';
import type { ChainPair } from './chain-pairs.ts';

/**
 * What a plan does to one chain, for the view of differences. Numbers are places in the chain from 1, as iptables
 * counts: `from` before the change, `to` after it.
 */
export interface ChainChange {
  table: string;
  chain: string;
  /** of the chain itself; `kept`: only its rules or its policy change */
  fate: 'kept' | 'created' | 'deleted';
  policy: { from: Policy; to: Policy } | null;
  /** runs of rules that stay in place */
  kept: { from: number; to: number; count: number }[];
  removed: { from: number; rule: Rule }[];
  /** `rule` is the one wanted, whose counters it begins with */
  added: { to: number; rule: Rule }[];
  /** equal rules that change their place among the others; counters go along */
  moved: { from: number; to: number; rule: Rule }[];
  /** a removed and an added rule at one place: an edit, as far as the rules tell */
  replaced: { from: number; to: number; before: Rule; after: Rule }[];
}

/** Null when nothing changes. */
export function chainChange(pair: ChainPair, alignment: Alignment): ChainChange | null {
  const fate = pair.before === null ? 'created' : pair.after === null ? 'deleted' : 'kept';
  const policy = policyChange(pair);
  if (fate === 'kept' && policy === null && alignment.gaps.length === 0) return null;
  const change: ChainChange = {
    ...{ table: pair.table, chain: pair.name, fate, policy, kept: keptRuns(alignment) },
    ...{ removed: [], added: [], moved: [], replaced: [] },
  };
  for (const gap of alignment.gaps) {
    const { removed, added, moved } = insideOf(gap, alignment);
    change.moved.push(...moved);
    const both = Math.min(removed.length, added.length);
    for (let i = 0; i < both; i++) {
      const { from, rule: before } = removed[i] as Removed;
      const { to, rule: after } = added[i] as Added;
      change.replaced.push({ from, to, before, after });
    }
    change.removed.push(...removed.slice(both));
    change.added.push(...added.slice(both));
  }
  return change;
}

type Removed = ChainChange['removed'][number];
type Added = ChainChange['added'][number];

/** The policy of a built-in chain that is to change. */
export function policyChange({ before, after }: ChainPair): ChainChange['policy'] {
  const from = before?.policy ?? null;
  const to = after?.policy ?? null;
  return from === null || to === null || from === to ? null : { from, to };
}

function keptRuns({ gaps, before, after }: Alignment): ChainChange['kept'] {
  const runs: ChainChange['kept'] = [];
  let from = 0;
  let to = 0;
  for (const gap of gaps) {
    if (gap.afterStart > to) runs.push({ from: from + 1, to: to + 1, count: gap.afterStart - to });
    from = gap.beforeEnd;
    to = gap.afterEnd;
  }
  if (after.length > to) runs.push({ from: from + 1, to: to + 1, count: before.length - from });
  return runs;
}

/** The rules of a gap: those without an equal on the other side, and those that moved here. */
export function insideOf(
  gap: Alignment['gaps'][number],
  { before, after, wentTo, movedFrom }: Alignment,
): Pick<ChainChange, 'removed' | 'added' | 'moved'> {
  const [removed, added, moved]: [Removed[], Added[], ChainChange['moved']] = [[], [], []];
  for (let i = gap.beforeStart; i < gap.beforeEnd; i++) {
    const rule = before[i];
    if (rule && wentTo[i] === -1) removed.push({ from: i + 1, rule });
  }
  for (let i = gap.afterStart; i < gap.afterEnd; i++) {
    const rule = after[i];
    const from = movedFrom[i] ?? -1;
    if (!rule) continue;
    if (from === -1) added.push({ to: i + 1, rule });
    else moved.push({ from: from + 1, to: i + 1, rule: before[from] ?? rule });
  }
  return { removed, added, moved };
}
