import type { ColumnType } from 'kysely';

/** Milliseconds since the epoch: compared by both databases alike, and no zone to lose. */
type Milliseconds = number;

export interface SessionTable {
  /** SHA-256 (hex) of the id that the cookie carries; the id itself is never stored */
  id_hash: string;
  user_id: string;
  user_name: string;
  project_id: string;
  project_name: string;
  role: string;
  /** the IAM token, sealed (secret-box.ts) */
  token: Uint8Array;
  created_at: Milliseconds;
  used_at: Milliseconds;
  expires_at: Milliseconds;
}

/** Rows are added, and let go up to the floor; triggers refuse the rest. */
export interface AuditTable {
  seq: ColumnType<number, number, never>;
  /** RFC 3339, as it went into the hash */
  at: string;
  project_id: string;
  operation_id: string;
  request_id: string;
  phase: string;
  action: string;
  target_type: string;
  target_id: string;
  /** actor, target's name and detail as JSON */
  body: string;
  previous_hash: string;
  hash: string;
}

/** A place in the audit chain; one row, whose `id` is 1. */
export interface AuditPlaceTable {
  id: number;
  seq: number;
  hash: string;
}

/** What happened in the last minutes, for streams to go on after. */
export interface EventTable {
  id: number;
  project_id: string;
  kind: string;
  /** as JSON */
  body: string;
  at: Milliseconds;
}

/** One row, whose `id` is 1. */
export interface EventHeadTable {
  id: number;
  /** number of the newest event */
  last: number;
}

export interface Schema {
  session: SessionTable;
  audit: AuditTable;
  /** the newest record */
  audit_head: AuditPlaceTable;
  /** the newest record that retention has let go */
  audit_floor: AuditPlaceTable;
  event: EventTable;
  event_head: EventHeadTable;
}
