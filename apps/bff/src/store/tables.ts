import type { Schema } from './schema.ts';

interface TableFacts {
  /** in the order in which rows are read for a copy */
  key: readonly string[];
  /** whether a backup holds it. What is left out is of no worth later, or too dangerous to lie about */
  backup: boolean;
}

/** Every table. A backup has no sessions (their tokens), so that after a restore everybody signs in again. */
export const tables: Record<keyof Schema, TableFacts> = {
  session: { key: ['id_hash'], backup: false },
  audit: { key: ['seq'], backup: true },
  audit_head: { key: ['id'], backup: true },
  audit_floor: { key: ['id'], backup: true },
  event: { key: ['id'], backup: false },
  event_head: { key: ['id'], backup: true },
  // with the sealed keys: without them every host would have to enrol anew
  authority: { key: ['fingerprint'], backup: true },
  authority_step: { key: ['id'], backup: true },
  enrolment: { key: ['id'], backup: true },
  host_certificate: { key: ['serial'], backup: true },
  // secrets that confirm, of hosts that have long since decided
  trial: { key: ['key'], backup: false },
  draft: { key: ['instance_id', 'user_id'], backup: true },
  off_rules: { key: ['instance_id'], backup: true },
  // one that was used since would be good again
  join_token: { key: ['id'], backup: false },
  // hosts tell it anew
  host_contact: { key: ['instance_id'], backup: false },
  // answers of a day at most, which nobody asks for again after a restore
  idempotency_key: { key: ['id'], backup: false },
  operation: { key: ['id'], backup: true },
  operation_hold: { key: ['resource'], backup: true },
  // without them what was rolled out could not be taken back
  rollout_rules: { key: ['operation_id'], backup: true },
  preference: { key: ['user_id', 'name'], backup: true },
};

export const tableNames = Object.keys(tables) as (keyof Schema)[];
