import type { Policy } from '@moru/netfilter';
import type { TableName } from '@moru/types';

/**
 * A place in a chain, told by the rules beside it, since numbers change with every other edit. `id` is the rule that
 * the place is before or after: null for the end of the chain (`before`) and its beginning (`after`). `other` is the
 * rule on the other side, for when the first one is gone.
 */
export interface Anchor {
  side: 'before' | 'after';
  id: string | null;
  other: string | null;
}

/** A rule that a step brings in: its id from then on, and its text in save form. */
export interface NewRule {
  id: string;
  text: string;
  /** brought in switched off */
  off?: true;
}

interface OfChain {
  table: TableName;
  chain: string;
}

/** One edit of a draft. Rules are named by id, never by number. */
export type DraftEdit = OfChain &
  (
    | { type: 'insert'; at: Anchor; rules: NewRule[] }
    | { type: 'replace'; rule: string; text: string }
    | { type: 'delete'; rules: string[] }
    | { type: 'move'; rules: string[]; at: Anchor }
    /** off: kept in its place in Moru, but not on the host */
    | { type: 'turn'; rules: string[]; off: boolean }
    | { type: 'policy'; policy: Policy }
    | { type: 'newChain' }
    | { type: 'deleteChain' }
    | { type: 'flush' }
  );

/** An edit that belongs to a draft. */
export type DraftStep = DraftEdit & {
  id: string;
  /** comment lines that came with a pasted command */
  notes?: string[];
};

/** Why a step does nothing any more: what it was about is gone, or is there already. */
export type StepProblem = 'ruleMissing' | 'chainMissing' | 'chainExists' | 'chainNotEmpty';

/** As `Omit`, for each member of a union by itself. */
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** An edit whose new rules have no ids yet. */
export type PlannedEdit =
  | Exclude<DraftEdit, { type: 'insert' }>
  | (Without<Extract<DraftEdit, { type: 'insert' }>, 'rules'> & { rules: Omit<NewRule, 'id'>[] });
