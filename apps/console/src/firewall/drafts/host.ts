import { type Identified, identify, type RuleSet } from '@moru/netfilter';
import type { FirewallState, OffRule } from '@moru/types';
import { type DraftRules, draftRulesOf, type IsForeign, readRule } from './draft-rules.ts';

/** What a host holds, ready for drafts. Counters are left to `state`, so that they change nothing else. */
export interface Host {
  state: FirewallState;
  identified: Identified;
  off: readonly OffRule[];
  base: DraftRules;
  isForeign: IsForeign;
}

export function hostOf(state: FirewallState, off: readonly OffRule[]): Host {
  const identified = identify(rulesOf(state));
  const isForeign = foreignIn(state);
  return { state, identified, off, base: draftRulesOf(identified, off, isForeign), isForeign };
}

/** The state's rules as netfilter reads them. A rule that cannot be read is kept as its text. */
export function rulesOf(state: FirewallState): RuleSet {
  const remarks = { before: [], inside: [], after: [] };
  return {
    family: state.family,
    tables: state.tables.map(({ name, chains }) => ({
      name,
      remarks,
      chains: chains.map((chain) => ({
        name: chain.name,
        policy: chain.policy,
        packets: BigInt(chain.packets),
        bytes: BigInt(chain.bytes),
        rules: chain.rules.map(({ text }) => readRule(text, state.family)),
      })),
    })),
  };
}

/** As `rulesOf`, with what each rule has counted. */
export function countedRules(state: FirewallState): RuleSet {
  const set = rulesOf(state);
  const tables = set.tables.map((table, at) => ({
    ...table,
    chains: table.chains.map((chain, index) => {
      const counted = state.tables[at]?.chains[index]?.rules ?? [];
      const rules = chain.rules.map((rule, number) => ({
        ...rule,
        packets: BigInt(counted[number]?.packets ?? 0),
        bytes: BigInt(counted[number]?.bytes ?? 0),
      }));
      return { ...chain, rules };
    }),
  }));
  return { ...set, tables };
}

function foreignIn(state: FirewallState): IsForeign {
  const foreign = new Set(
    state.tables.flatMap(({ name, chains }) =>
      chains.filter(({ owner }) => owner === 'foreign').map((chain) => `${name} ${chain.name}`),
    ),
  );
  return (table, chain) => foreign.has(`${table} ${chain}`);
}

/** Whether two readings differ in nothing but counters and times. */
export function sameRules(a: FirewallState, b: FirewallState): boolean {
  return (
    a.revision === b.revision &&
    a.tables.length === b.tables.length &&
    a.tables.every((table, index) => sameTable(table, b.tables[index]))
  );
}

type StateTable = FirewallState['tables'][number];

function sameTable(a: StateTable, b: StateTable | undefined): boolean {
  return (
    b !== undefined &&
    a.name === b.name &&
    a.chains.length === b.chains.length &&
    a.chains.every((chain, index) => {
      const other = b.chains[index];
      return (
        other !== undefined &&
        chain.name === other.name &&
        chain.policy === other.policy &&
        chain.owner === other.owner &&
        chain.rules.length === other.rules.length &&
        chain.rules.every((rule, at) => rule.text === other.rules[at]?.text)
      );
    })
  );
}
