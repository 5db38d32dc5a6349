import type { Rule } from '../model.ts';
import { type Alignment, align } from './align.ts';
import { insideOf } from './chain-change.ts';
import { sameRule } from './same-rule.ts';

/** What two edits of one base disagree about, and what the merged rules hold until somebody decides. */
export type RuleConflictKind =
  /** both changed one rule, differently: theirs stands */
  | 'edited'
  /** one deleted what the other edited or moved: the rule stands as edited or moved */
  | 'deletedAndChanged'
  /** one moved what the other edited: the edited rule stands at its new place */
  | 'editedAndMoved'
  /** both moved one rule, to different places: it stands at theirs */
  | 'moved'
  /** both added rules at one place: all stand, theirs first */
  | 'inserted';

export interface RuleConflict {
  kind: RuleConflictKind;
  /** the rule in question as it was; null for `inserted` */
  base: Rule | null;
  mine: readonly Rule[];
  theirs: readonly Rule[];
  /** place in the merged chain from 1, or of the first of several */
  at: number;
}

/** What became of a rule of the base on one side. */
type Fate =
  | { kind: 'kept'; rule: Rule }
  | { kind: 'edited'; rule: Rule }
  | { kind: 'moved'; rule: Rule; slot: number }
  | { kind: 'deleted' };

/** A rule that stands before a rule of the base (or at the end). */
interface Inserted {
  rule: Rule;
  /** index of the base's rule that moved here; -1 for a new one */
  from: number;
}

interface Side {
  /** by index of the base */
  fates: Fate[];
  /** by index of the base before whose rule they stand; one more for the end */
  slots: Inserted[][];
}

/**
 * Three-way merge of the rules of one chain. Each rule of the base and each place between two of them is decided by
 * itself: what only one side touched is taken from it, also right next to what the other touched. Kept rules are
 * those of `theirs`, whose counters are the newer ones.
 */
export function mergeRules(
  base: readonly Rule[],
  mine: readonly Rule[],
  theirs: readonly Rule[],
): { rules: Rule[]; conflicts: RuleConflict[] } {
  return new Merger(base, sideOf(base, mine), sideOf(base, theirs)).merge();
}

function sideOf(base: readonly Rule[], rules: readonly Rule[]): Side {
  const alignment = align(base, rules);
  const fates: Fate[] = base.map((_, index) => {
    const rule = rules[alignment.wentTo[index] ?? -1];
    return rule ? { kind: 'kept', rule } : { kind: 'deleted' };
  });
  const slots: Inserted[][] = Array.from({ length: base.length + 1 }, () => []);
  for (const gap of alignment.gaps) fillGap(gap, alignment, { fates, slots });
  return { fates, slots };
}

/** In a gap a removed rule and an added one are an edit, first to first; the others are put before the next edit. */
function fillGap(gap: Alignment['gaps'][number], alignment: Alignment, { fates, slots }: Side): void {
  const { removed, added } = insideOf(gap, alignment);
  let edits = 0;
  for (let to = gap.afterStart; to < gap.afterEnd; to++) {
    const rule = alignment.after[to];
    if (!rule) continue;
    const replaced = removed[edits];
    if (replaced && added[edits]?.to === to + 1) {
      fates[replaced.from - 1] = { kind: 'edited', rule };
      edits++;
      continue;
    }
    const next = edits < added.length ? removed[edits] : undefined;
    const slot = next ? next.from - 1 : gap.beforeEnd;
    const from = alignment.movedFrom[to] ?? -1;
    slots[slot]?.push({ rule, from });
    if (from >= 0) fates[from] = { kind: 'moved', rule, slot };
  }
}

class Merger {
  private readonly base: readonly Rule[];
  private readonly mine: Side;
  private readonly theirs: Side;
  private readonly rules: Rule[] = [];
  /** with the rule at whose place in the end the conflict is shown */
  private readonly conflicts: (Omit<RuleConflict, 'at'> & { rule: Rule })[] = [];

  constructor(base: readonly Rule[], mine: Side, theirs: Side) {
    this.base = base;
    this.mine = mine;
    this.theirs = theirs;
  }

  merge(): { rules: Rule[]; conflicts: RuleConflict[] } {
    for (let index = 0; index <= this.base.length; index++) {
      this.mergeSlot(index);
      if (index < this.base.length) this.mergeFates(index);
    }
    const conflicts = this.conflicts.map(({ rule, ...conflict }) => ({
      ...conflict,
      at: this.rules.indexOf(rule) + 1,
    }));
    return { rules: this.rules, conflicts };
  }

  private mergeSlot(slot: number): void {
    const mine = (this.mine.slots[slot] ?? []).filter(({ from }) => from < 0 || this.placedByMine(from));
    const theirs = (this.theirs.slots[slot] ?? []).flatMap((one) => this.settled(one, this.mine));
    const ours = mine.flatMap((one) => this.settled(one, this.theirs));
    const extra = ours.filter(({ rule }) => !theirs.some((other) => sameRule(rule, other.rule)));
    const both = extra.length > 0 && theirs.some(({ rule }) => !ours.some((one) => sameRule(rule, one.rule)));
    const [left, right] = [ours, theirs].map((list) => list.map(({ rule }) => rule)) as [Rule[], Rule[]];
    if (both && right[0]) {
      this.report({ kind: 'inserted', base: null, mine: left, theirs: right, rule: right[0] });
    }
    const [first, second] = both || extra.length === 0 ? [theirs, extra] : [ours, []];
    this.rules.push(...first.map(({ rule }) => rule), ...second.map(({ rule }) => rule));
  }

  /** Whether what mine moved goes to mine's place: not when theirs moved it too. */
  private placedByMine(from: number): boolean {
    return this.theirs.fates[from]?.kind !== 'moved';
  }

  /** An inserted rule as the other side would have it: a moved one may have been edited or deleted there. */
  private settled(one: Inserted, other: Side): Inserted[] {
    const fate = one.from < 0 ? undefined : other.fates[one.from];
    if (!fate || fate.kind === 'moved') return this.settleTwiceMoved(one, other);
    if (fate.kind === 'kept') return [other === this.theirs ? { ...one, rule: fate.rule } : one];
    const kind = fate.kind === 'edited' ? 'editedAndMoved' : 'deletedAndChanged';
    const changed = fate.kind === 'edited' ? [fate.rule] : [];
    const base = this.base[one.from] ?? null;
    const [mine, theirs] = other === this.theirs ? [[one.rule], changed] : [changed, [one.rule]];
    const rule = changed[0] ?? one.rule;
    this.report({ kind, base, mine, theirs, rule });
    return [{ ...one, rule }];
  }

  private settleTwiceMoved(one: Inserted, other: Side): Inserted[] {
    const mine = one.from < 0 ? undefined : this.mine.fates[one.from];
    const theirs = one.from < 0 ? undefined : this.theirs.fates[one.from];
    const apart = mine?.kind === 'moved' && theirs?.kind === 'moved' && mine.slot !== theirs.slot;
    if (apart && other === this.mine) {
      const base = this.base[one.from] ?? null;
      this.report({ kind: 'moved', base, mine: [mine.rule], theirs: [theirs.rule], rule: one.rule });
    }
    return [one];
  }

  private mergeFates(index: number): void {
    const mine = this.mine.fates[index];
    const theirs = this.theirs.fates[index];
    // a moved rule is written where it moved to
    if (!mine || !theirs || mine.kind === 'moved' || theirs.kind === 'moved') return;
    if (mine.kind === 'kept' || mine.kind === theirs.kind) {
      if (mine.kind === 'edited' && theirs.kind === 'edited' && !sameRule(mine.rule, theirs.rule)) {
        const base = this.base[index] ?? null;
        this.report({ kind: 'edited', base, mine: [mine.rule], theirs: [theirs.rule], rule: theirs.rule });
      }
      if (theirs.kind !== 'deleted') this.rules.push(theirs.rule);
      return;
    }
    if (theirs.kind === 'kept') {
      if (mine.kind === 'edited') this.rules.push(mine.rule);
      return;
    }
    // one deleted, the other edited
    const edited = mine.kind === 'edited' ? mine : theirs.kind === 'edited' ? theirs : undefined;
    if (!edited) return;
    const [left, right] = edited === mine ? [[edited.rule], []] : [[], [edited.rule]];
    const base = this.base[index] ?? null;
    this.report({ kind: 'deletedAndChanged', base, mine: left, theirs: right, rule: edited.rule });
    this.rules.push(edited.rule);
  }

  private report(conflict: Merger['conflicts'][number]): void {
    this.conflicts.push(conflict);
  }
}
