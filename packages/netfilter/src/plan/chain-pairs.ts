import { builtInChains, type Chain, isBuiltIn, type RuleSet, type Table } from '../model.ts';

/** A chain before and after a change; null where it does not exist. */
export interface ChainPair {
  table: string;
  name: string;
  builtIn: boolean;
  /** false: another program's, never written */
  owned: boolean;
  before: Chain | null;
  after: Chain | null;
}

/** The chains of one table that `wanted` speaks of. */
export interface TablePair {
  table: string;
  /** as it was read; undefined when the host does not have it loaded */
  before: Table | undefined;
  chains: ChainPair[];
}

/** Whether a chain is ours to write. */
export type Owns = (table: string, chain: string) => boolean;

/**
 * The tables of `wanted`; a table that it does not name stays as it is, as with a restore file. Within a table it
 * is complete: a user chain that it does not name is to go, a built-in one to be empty with the policy it has. One
 * that does not exist yet (nft makes them when they are needed) is empty and accepts.
 */
export function tablePairs(current: RuleSet, wanted: RuleSet, owns: Owns): TablePair[] {
  return wanted.tables.map((after) => {
    const before = current.tables.find(({ name }) => name === after.name);
    const ofBefore = new Map(before?.chains.map((chain) => [chain.name, chain]));
    const ofAfter = new Map(after.chains.map((chain) => [chain.name, chain]));
    const names = new Set([...(builtInChains[after.name] ?? []), ...ofBefore.keys(), ...ofAfter.keys()]);
    const chains = [...names].flatMap((name) => {
      const builtIn = isBuiltIn(after.name, name);
      const was = ofBefore.get(name) ?? null;
      const will = ofAfter.get(name) ?? null;
      if (builtIn && !was && !will) return [];
      const pair = { table: after.name, name, builtIn, owned: owns(after.name, name) };
      if (!builtIn) return [{ ...pair, before: was, after: will }];
      return [{ ...pair, before: was ?? empty(name), after: will ?? { ...(was ?? empty(name)), rules: [] } }];
    });
    return { table: after.name, before, chains };
  });
}

const empty = (name: string): Chain => ({ name, policy: 'ACCEPT', packets: 0n, bytes: 0n, rules: [] });

/**
 * `set` with the foreign chains of `live`, rules and counters: what a draft that is some minutes old has to be
 * given before it is planned, since SSHGUARD and others write theirs at any moment.
 */
export function withForeignChains(set: RuleSet, live: RuleSet, owns: Owns): RuleSet {
  const tables = set.tables.map((table) => {
    const own = table.chains.filter(({ name }) => owns(table.name, name));
    const others = live.tables.find(({ name }) => name === table.name)?.chains ?? [];
    return { ...table, chains: [...own, ...others.filter(({ name }) => !owns(table.name, name))] };
  });
  return { ...set, tables };
}
