import type { RuleSet, Table } from '@moru/netfilter';
import { type Backend, foreignCreation, isOwned, ownedOnlyIn, rewriteLines, tableOf } from './rewrite.ts';

/** The way back for one table. Each text is a whole input for a restore with `-n -c`. */
export interface RevertPayload {
  table: string;
  /** puts the owned chains back; right after any part of the change, and as often as it runs */
  rules: string;
  /** deletes the chains that the change made, by then empty; one that another program uses meanwhile stays */
  tidy: string[];
  /** make the chains of other programs that the old rules lead to, each; one that is there already says so */
  chains: string[];
}

const restoreText = (table: string, lines: readonly string[]) =>
  [`*${table}`, ...lines, 'COMMIT', ''].join('\n');

/**
 * The way back from `after` (and from anything on the way to it) to `before`, a dump with counters, per table of
 * `tables`. Of each chain that differs it says what is to be, not what is to change, so that it can be cut off and
 * run again.
 *
 * A restore changes a table whole or not at all, and one that fails is worth nothing; so what may fail for a reason
 * of another program's is kept apart: `tidy`, and `chains` for one whose chain is gone since.
 */
export function revertPayloads(
  before: RuleSet,
  after: RuleSet,
  tables: readonly string[],
  backend: Backend,
): RevertPayload[] {
  return tables.flatMap((name) => {
    const old = tableOf(before, name);
    if (!old) return [];
    const made = ownedOnlyIn(tableOf(after, name), old);
    return [
      {
        table: name,
        rules: restoreText(
          name,
          rewriteLines({ to: old, from: tableOf(after, name), emptied: made, backend }),
        ),
        tidy: made.map((chain) => restoreText(name, [`-X ${chain}`])),
        chains: foreignTargets(old).map((chain) => restoreText(name, [foreignCreation(chain)])),
      },
    ];
  });
}

/** Chains of other programs that owned rules jump to. */
function foreignTargets(table: Table): string[] {
  const targets = table.chains
    .filter(isOwned)
    .flatMap((chain) => chain.rules)
    .flatMap(({ target }) => (target?.kind === 'chain' && !isOwned(target) ? [target.name] : []));
  return [...new Set(targets)];
}
