import type { Finding } from '../check/validate.ts';
import type { Family, RuleSet } from '../model.ts';
import { backendOf, type Dialect, within } from '../print/dialect.ts';
import type { ChainChange } from './chain-change.ts';
import { type Owns, tablePairs } from './chain-pairs.ts';
import { headerLines } from './dialect-lines.ts';
import { tableFindings } from './findings.ts';
import { applyOrder, emptyPayload, type Payload, type TableLines, toPayload } from './payload.ts';
import { type PlannedTable, planTable } from './planned.ts';
import { revertLines } from './revert.ts';

export interface PlanOptions {
  /** of the host's iptables: says which lines are safe, and which policies lose their counters */
  dialect: Dialect;
  /** Whether a chain is ours to write; all others are left alone whatever the rule sets say. */
  owns: Owns;
}

export interface Plan {
  /** the smallest text for `iptables-restore -n -c`; empty when nothing changes or a finding is an error */
  payload: Payload;
  /**
   * Brings the chains that `payload` touches back to what they were, counters and all (see `countersLost`), whatever has become of them
   * meanwhile, also when `payload` was applied in part or not at all. `filter` first.
   */
  revert: Payload;
  /** by chain, unchanged ones left out */
  changes: ChainChange[];
  findings: Finding[];
  checks: PlanChecks;
}

/** What the payload relies on. */
export interface PlanChecks {
  /** rules are named by number: `current` has to be read under the lock that is held to COMMIT */
  underLock: boolean;
  /** others may write meanwhile: what is there afterwards has to be compared with what was wanted */
  compareAfter: boolean;
  /** chains that are emptied and written anew: what others put there since `current` was read is lost */
  rewritten: { table: string; chain: string }[];
  /**
   * the tool drops the counters that a line gives its rule: rules that either payload writes, moved ones among them,
   * begin at zero. Those that stay in place keep theirs, and so do policies
   */
  countersLost: boolean;
}

/** ip6tables-nft-restore of 1.8.7 and 1.8.9, with `-c` or not; 1.8.11 takes them. */
const dropsCounters = { backend: 'nft', before: '1.8.11' } as const;

/**
 * The change from the rules that run to those wanted, as the smallest payload for `iptables-restore -n -c` that
 * leaves all other rules and their counters in place (design/safe-change.md, step 4). Foreign chains are not
 * mentioned. Tables that `wanted` does not name stay as they are.
 *
 * A rule that is kept or moved keeps its counters; an added one begins with those that `wanted` gives it (where the
 * tool can give a rule counters: see `countersLost`). Policy counters are kept as read. Throws NetfilterError for a rule that cannot be printed (`text.control`).
 */
export function planChange(current: RuleSet, wanted: RuleSet, options: PlanOptions): Plan {
  const tables = tablePairs(current, wanted, options.owns)
    .map((table) => planTable(table, options.dialect))
    .sort((a, b) => applyOrder.indexOf(a.table) - applyOrder.indexOf(b.table));
  const findings = tables.flatMap(tableFindings);
  const refused = findings.some(({ severity }) => severity === 'error');
  const payload = refused
    ? emptyPayload
    : toPayload(tables.map((table) => payloadLines(table, options.dialect)));
  let revert: Payload | undefined;
  return {
    payload,
    // made when it is asked for: it holds all of each chain that is touched
    get revert() {
      revert ??= refused
        ? emptyPayload
        : toPayload(tables.map((table) => revertLines(table, options.dialect)).reverse());
      return revert;
    },
    changes: tables.flatMap(({ planned }) => planned.map(({ change }) => change)),
    findings,
    checks: checksOf(tables, payload.text !== '', options.dialect, current.family),
  };
}

function payloadLines({ table, before, planned, chains }: PlannedTable, dialect: Dialect): TableLines {
  if (planned.length === 0) return { table, lines: [] };
  const created = planned.filter(({ change }) => change.fate === 'created');
  const deleted = planned.filter(({ change }) => change.fate === 'deleted');
  const lines = [
    ...headerLines({ before, chains }, dialect, 'after'),
    // fails when the chain exists by now, where `:NAME -` would empty it
    ...created.map(({ pair }) => `-N ${pair.name}`),
    ...planned.flatMap(({ lines }) => lines.removals),
    ...planned.flatMap(({ lines }) => lines.insertions),
    // all are emptied first, since they may jump to each other
    ...deleted.filter(({ pair }) => pair.before?.rules.length).map(({ pair }) => `-F ${pair.name}`),
    ...deleted.map(({ pair }) => `-X ${pair.name}`),
  ];
  return { table, lines };
}

function checksOf(tables: PlannedTable[], any: boolean, dialect: Dialect, family: Family): PlanChecks {
  const rewritten = tables.flatMap(({ table, planned }) =>
    planned.filter(({ lines }) => lines.rewritten).map(({ pair }) => ({ table, chain: pair.name })),
  );
  // nft has no lock, and programs that do not take the one that is held around 1.6.1 can still get between
  const noLock = backendOf(dialect) === 'nft';
  return {
    underLock: any && !noLock,
    compareAfter: any && (noLock || dialect === '1.6.1'),
    rewritten: any ? rewritten : [],
    countersLost: any && family === 'ipv6' && within(dialect, dropsCounters),
  };
}
