import { chainDifferences, type RuleSet } from '@moru/netfilter';
import type { ChainDifference, TableName } from '@moru/types';

/** What differs between two rule sets in chains that we own, for an answer. */
export const differencesOf = (from: RuleSet, to: RuleSet): ChainDifference[] =>
  chainDifferences(from, to).map((each) => ({ ...each, table: each.table as TableName }));
