import { foreignOwner } from '../host/foreign.ts';
import { builtInChains, type Chain, type RuleSet, type Table } from '../model.ts';
import type { Owns } from './chain-pairs.ts';
import { mergeRules, type RuleConflict } from './merge-rules.ts';
import { sameRule } from './same-rule.ts';

/** What two edits of one base disagree about; `merged` holds what is said here until somebody decides. */
export type MergeConflict = { table: string; chain: string } & (
  | RuleConflict
  /** one deleted the chain, the other changed it: it stands as changed */
  | { kind: 'chainDeleted'; by: 'mine' | 'theirs' }
  /** one deleted the chain, the other jumps to it anew: it stands as it was */
  | { kind: 'chainNeeded'; by: 'mine' | 'theirs' }
);

export interface Merge {
  merged: RuleSet;
  conflicts: MergeConflict[];
}

/**
 * Three-way merge: what became of `base` by two edits, chain by chain. "Somebody changed rules while you edited":
 * `mine` is the draft, `theirs` what runs now. What only one side touched is taken from it; a conflict is decided so
 * that nothing is lost silently, for `theirs` where there is a choice, and named. Counters and the chains of other
 * programs (not `owns`; by default those that `foreignOwner` names) are those of `theirs`.
 */
export function mergeRuleSets(
  base: RuleSet,
  mine: RuleSet,
  theirs: RuleSet,
  owns: Owns = (_table, chain) => foreignOwner(chain) === null,
): Merge {
  const conflicts: MergeConflict[] = [];
  const names = new Set([theirs, mine].flatMap(({ tables }) => tables.map(({ name }) => name)));
  const tables = [...names].flatMap((name): Table[] => {
    const [was, left, right] = [base, mine, theirs].map((set) => tableOf(set, name));
    // a table that a set does not name is not changed by it
    const shown = right ?? left;
    if (!shown) return [];
    const chains = new TableMerger(name, owns, conflicts).merge(was, left ?? was, right ?? was);
    return [{ ...shown, chains }];
  });
  return { merged: { ...theirs, tables }, conflicts };
}

const tableOf = (set: RuleSet, name: string): Table | undefined =>
  set.tables.find((table) => table.name === name);

const chainsOf = (table: Table | undefined): Map<string, Chain> =>
  new Map(table?.chains.map((chain) => [chain.name, chain]));

function addMissing(chains: Chains, chain: Chain | undefined): void {
  if (chain && !chains.has(chain.name)) chains.set(chain.name, chain);
}

class TableMerger {
  private readonly table: string;
  private readonly owns: Owns;
  private readonly conflicts: MergeConflict[];

  constructor(table: string, owns: Owns, conflicts: MergeConflict[]) {
    this.table = table;
    this.owns = owns;
    this.conflicts = conflicts;
  }

  merge(base: Table | undefined, mine: Table | undefined, theirs: Table | undefined): Chain[] {
    const [was, left, right] = [base, mine, theirs].map(chainsOf) as [Chains, Chains, Chains];
    const builtIn = builtInChains[this.table] ?? [];
    const names = [...new Set([...builtIn, ...right.keys(), ...left.keys()])];
    // nft may not have made a built-in chain: nobody can delete one
    for (const side of [left, right]) for (const name of builtIn) addMissing(side, was.get(name));
    const merged = names.flatMap((name) => {
      const chain = this.owns(this.table, name)
        ? this.mergeChain(was.get(name), left.get(name), right.get(name))
        : right.get(name);
      return chain ? [chain] : [];
    });
    return [...merged, ...this.needed(merged, was, left)];
  }

  private mergeChain(
    base: Chain | undefined,
    mine: Chain | undefined,
    theirs: Chain | undefined,
  ): Chain | undefined {
    if (mine && theirs) return this.mergeBoth(base, mine, theirs);
    const there = mine ?? theirs;
    if (!there || !base) return there;
    if (sameRules(base, there)) return undefined;
    this.conflicts.push({ ...this.place(there), kind: 'chainDeleted', by: mine ? 'theirs' : 'mine' });
    return there;
  }

  private mergeBoth(base: Chain | undefined, mine: Chain, theirs: Chain): Chain {
    const { rules, conflicts } = mergeRules(base?.rules ?? [], mine.rules, theirs.rules);
    for (const conflict of conflicts) this.conflicts.push({ ...this.place(theirs), ...conflict });
    // a built-in chain that nft has not made yet accepts; of two policies both can only change to the same
    const changedByMine = mine.policy !== (base?.policy ?? 'ACCEPT');
    return { ...theirs, policy: changedByMine ? mine.policy : theirs.policy, rules };
  }

  /** Deleted chains of ours that the merged rules jump to, and those that these jump to. */
  private needed(merged: readonly Chain[], base: Chains, mine: Chains): Chain[] {
    const there = new Set(merged.map(({ name }) => name));
    const back: Chain[] = [];
    for (const chain of [...merged]) this.bringBack(chain, there, back, base, mine);
    return back;
  }

  private bringBack(chain: Chain, there: Set<string>, back: Chain[], base: Chains, mine: Chains): void {
    for (const { target } of chain.rules) {
      if (target?.kind !== 'chain' || there.has(target.name)) continue;
      const lost = base.get(target.name);
      if (!lost || !this.owns(this.table, target.name)) continue;
      there.add(lost.name);
      back.push(lost);
      const by = mine.has(lost.name) ? 'theirs' : 'mine';
      this.conflicts.push({ ...this.place(lost), kind: 'chainNeeded', by });
      this.bringBack(lost, there, back, base, mine);
    }
  }

  private place(chain: Chain): { table: string; chain: string } {
    return { table: this.table, chain: chain.name };
  }
}

type Chains = Map<string, Chain>;

const sameRules = (a: Chain, b: Chain): boolean =>
  a.rules.length === b.rules.length &&
  a.rules.every((rule, index) => {
    const other = b.rules[index];
    return other !== undefined && sameRule(rule, other);
  });
