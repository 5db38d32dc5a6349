import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { AuditTable } from '../store/schema.ts';

export type AuditRow = Selectable<AuditTable>;

/** A place in the chain: a record's number and its hash. */
export interface ChainPlace {
  seq: number;
  hash: string;
}

/** What stands before the first record. */
export const genesis: ChainPlace = { seq: 0, hash: '0'.repeat(64) };

/** The action of the record that begins the chain anew after records were lost (reference/security.md F7). */
export const gapAction = 'audit.gap';

/** SHA-256 (hex) over the record and the hash before it: an edit, a swap or a gap shows from there on (T13). */
export function hashOf(row: Omit<AuditRow, 'hash'>): string {
  const content = [
    row.seq,
    row.at,
    row.project_id,
    row.operation_id,
    row.request_id,
    row.phase,
    row.action,
    row.target_type,
    row.target_id,
    row.body,
    row.previous_hash,
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/**
 * The number of the first record that is wrong or missing after `before`; null when all follow. Rows by `seq`. A gap
 * that the log itself tells of is none.
 */
export function firstBreak(rows: readonly AuditRow[], before: ChainPlace | null): number | null {
  let last = before;
  for (const row of rows) {
    const toldGap = row.action === gapAction && (last === null || row.seq > last.seq);
    if (last && !toldGap) {
      if (row.seq !== last.seq + 1) return last.seq + 1;
      if (row.previous_hash !== last.hash) return row.seq;
    }
    if (hashOf(row) !== row.hash) return row.seq;
    last = row;
  }
  return null;
}
