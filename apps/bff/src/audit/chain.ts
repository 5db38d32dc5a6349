import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { AuditTable } from '../store/schema.ts';

export type AuditRow = Selectable<AuditTable>;

/** What stands before the first record. */
export const genesisHash = '0'.repeat(64);

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

/** The number of the first record that does not follow from the one before it; null when all do. Rows by `seq`. */
export function firstBreak(rows: readonly AuditRow[]): number | null {
  let before: AuditRow | undefined;
  for (const row of rows) {
    const follows = before
      ? row.seq === before.seq + 1 && row.previous_hash === before.hash
      : row.seq > 1 || row.previous_hash === genesisHash;
    if (!follows || hashOf(row) !== row.hash) return row.seq;
    before = row;
  }
  return null;
}
