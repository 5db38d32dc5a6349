import { type Chain, isBuiltIn, type Rule, type Table } from '../model.ts';

/** A jump or goto between chains of one table. */
export interface Jump {
  /** of the rule in the chain it stands in, from 0 */
  index: number;
  to: string;
}

/** Which chains a table's rules lead to. */
export type ChainGraph = ReadonlyMap<string, readonly Jump[]>;

/** Name of the chain that a rule leads to, or null. */
export function jumpOf(rule: Rule): string | null {
  return rule.verbatim === null && rule.target?.kind === 'chain' ? rule.target.name : null;
}

/** Jumps and gotos of every chain, built-in ones first; those to chains that do not exist are left out. */
export function chainGraph(table: Table): ChainGraph {
  const names = new Set(table.chains.map((chain) => chain.name));
  const jumps = (chain: Chain): Jump[] => {
    const found: Jump[] = [];
    for (let index = 0; index < chain.rules.length; index++) {
      const rule = chain.rules[index];
      const to = rule ? jumpOf(rule) : null;
      if (to !== null && names.has(to)) found.push({ index, to });
    }
    return found;
  };
  const first = table.chains.toSorted(
    (a, b) => Number(isBuiltIn(table.name, b.name)) - Number(isBuiltIn(table.name, a.name)),
  );
  return new Map(first.map((chain) => [chain.name, jumps(chain)]));
}

/** A circle of chains: each leads to the next, the last to the first. */
export interface ChainLoop {
  path: string[];
  /** the rule of the last chain of the path that leads back */
  index: number;
}

/** Each takes the length of its path to tell, and a set with more is wrong all the same. */
const maxLoops = 100;

/**
 * Loops, one for each jump that closes one, at most 100; where packets can come first. No loop is without such a
 * jump.
 */
export function findLoops(graph: ChainGraph): ChainLoop[] {
  const loops: ChainLoop[] = [];
  const state = new Map<string, 'open' | 'done'>();
  for (const start of graph.keys()) {
    if (state.has(start)) continue;
    // a stack of our own: a rule set may nest deeper than the engine's calls
    const path: { name: string; next: number }[] = [{ name: start, next: 0 }];
    state.set(start, 'open');
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const jump = graph.get(top.name)?.[top.next++];
      if (!jump) {
        state.set(top.name, 'done');
        path.pop();
      } else if (state.get(jump.to) === 'open') {
        if (loops.length === maxLoops) return loops;
        const names = path.map(({ name }) => name);
        loops.push({ path: names.slice(names.indexOf(jump.to)), index: jump.index });
      } else if (!state.has(jump.to)) {
        state.set(jump.to, 'open');
        path.push({ name: jump.to, next: 0 });
      }
    }
  }
  return loops;
}

/** From each built-in chain, the chains that packets can come to, each with the one before it on a shortest way. */
export type Reach = ReadonlyMap<string, ReadonlyMap<string, string | null>>;

export function reachedFrom(table: Table, graph: ChainGraph): Reach {
  const reach = new Map<string, Map<string, string | null>>();
  for (const { name: hook } of table.chains) {
    if (!isBuiltIn(table.name, hook)) continue;
    const before = new Map<string, string | null>([[hook, null]]);
    // a Map is walked in the order of insertion, also what is inserted meanwhile
    for (const name of before.keys()) {
      for (const { to } of graph.get(name) ?? []) if (!before.has(to)) before.set(to, name);
    }
    reach.set(hook, before);
  }
  return reach;
}

/** Whether packets can come to a chain at all. */
export function isReached(reach: Reach, chain: string): boolean {
  return [...reach.values()].some((before) => before.has(chain));
}

/** The chains from a built-in one to one that it leads to, both included. */
export function wayTo(reach: Reach, hook: string, chain: string): string[] {
  const before = reach.get(hook);
  const way: string[] = [];
  for (let name: string | null = chain; name !== null; name = before?.get(name) ?? null) way.push(name);
  return way.reverse();
}

/**
 * How deep jumps can nest behind each chain: 0 for one without jumps. Chains of a loop count as if the jump
 * that closes it were not there.
 */
export function depths(graph: ChainGraph): Map<string, number> {
  const depth = new Map<string, number>();
  const open = new Set<string>();
  for (const start of graph.keys()) {
    const path: { name: string; next: number; deepest: number }[] = [];
    const enter = (name: string) => {
      open.add(name);
      path.push({ name, next: 0, deepest: 0 });
    };
    if (!depth.has(start)) enter(start);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const jump = graph.get(top.name)?.[top.next++];
      const known = jump ? depth.get(jump.to) : undefined;
      if (!jump) {
        depth.set(top.name, top.deepest);
        open.delete(top.name);
        path.pop();
        const below = path.at(-1);
        if (below) below.deepest = Math.max(below.deepest, top.deepest + 1);
      } else if (known !== undefined) top.deepest = Math.max(top.deepest, known + 1);
      else if (!open.has(jump.to)) enter(jump.to);
    }
  }
  return depth;
}
