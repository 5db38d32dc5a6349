import { backendOf, type Dialect, within } from '../print/dialect.ts';
import type { Alignment } from './align.ts';
import { policyChange } from './chain-change.ts';
import type { TablePair } from './chain-pairs.ts';
import { namedLines } from './named.ts';
import { numberedLines } from './numbered.ts';
import { type ChainLines, policyLine } from './restore-lines.ts';

/** The lines that turn one chain into another; nft has no lock, so that others may write in between. */
export function changedLines(chain: string, alignment: Alignment, dialect: Dialect): ChainLines {
  return backendOf(dialect) === 'nft' ? namedLines(chain, alignment) : numberedLines(chain, alignment);
}

/** Mended in 1.8.10, which is not told from 1.8.9. */
const zeroesPolicies = { backend: 'legacy', before: '1.8.11' } as const;

/**
 * Headers of the built-in chains whose policy changes, and of all others too for a legacy tool that zeroes the policy
 * counters of a table at any change (reference/iptables.md section 6.1): foreign ones included, for a header neither
 * empties a built-in chain nor changes more than it says. Not by `-P`, which zeroes the counters on legacy and on nft.
 */
export function headerLines(
  { before, chains }: Pick<TablePair, 'before' | 'chains'>,
  dialect: Dialect,
  side: 'before' | 'after',
): string[] {
  const all = within(dialect, zeroesPolicies) && before !== undefined;
  return chains.flatMap((pair) => {
    const policy = pair.owned ? pair[side]?.policy : pair.before?.policy;
    if (!pair.before || !policy) return [];
    return all || (pair.owned && policyChange(pair)) ? [policyLine(pair.before, policy)] : [];
  });
}
