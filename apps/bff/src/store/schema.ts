import type { ColumnType } from 'kysely';

/** Milliseconds since the epoch: compared by both databases alike, and no zone to lose. */
type Milliseconds = number;

export interface SessionTable {
  /** SHA-256 (hex) of the id that the first cookie carried, and the session's name ever after; ids are never stored */
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
  /** SHA-256 (hex) of the id that the cookie carries since the key was last proven; null: still the first one */
  cookie_hash: string | null;
  /** of the one before it, which is good until `previous_until` for requests that are under way */
  previous_hash: string | null;
  previous_until: Milliseconds | null;
  /** when the key was last proven; null: at the sign-in */
  proved_at: Milliseconds | null;
  /** where the sign-in came from */
  address: string | null;
  device: string | null;
  /** what its maker calls the program's token; null: a browser's session */
  api_token: string | null;
  /** 1: the program may also do what cannot be taken back */
  irrevocable: number | null;
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

/** Certificate authorities of the installation, those of earlier rotations too. */
export interface AuthorityTable {
  /** SHA-256 (hex) of the certificate */
  fingerprint: string;
  /** PEM */
  certificate: string;
  /** private key as PEM, sealed (secret-box.ts), base64; null once it is dropped */
  sealed_key: string | null;
  /** one row at most is in each state but the last: current, next, former, dropped */
  state: string;
  created_at: Milliseconds;
  expires_at: Milliseconds;
}

/** What was done in rotations of the authority, in order. */
export interface AuthorityStepTable {
  id: string;
  /** of the authority that comes in with this rotation */
  fingerprint: string;
  phase: string;
  at: Milliseconds;
  by_name: string;
}

export interface JoinTokenTable {
  id: string;
  /** SHA-256 (hex) of the secret part; the token itself is never stored */
  secret_hash: string;
  instance_id: string;
  instance_name: string;
  project_id: string;
  /** fingerprint of the authority that the token names */
  authority: string;
  approval: string;
  created_by: string;
  created_at: Milliseconds;
  expires_at: Milliseconds;
  used_at: Milliseconds | null;
  /** fingerprint of the key of the host that used it */
  used_key: string | null;
  revoked_at: Milliseconds | null;
}

/** A host's wish to be known, from its request to its end. */
export interface EnrolmentTable {
  id: string;
  instance_id: string;
  instance_name: string;
  project_id: string;
  token_id: string;
  key_fingerprint: string;
  /** the certificate request, PEM */
  request: string;
  hostname: string;
  agent: string;
  address: string;
  /** waiting, approved; refused, revoked, replaced, ended */
  state: string;
  requested_at: Milliseconds;
  decided_at: Milliseconds | null;
  decided_by: string | null;
}

export interface HostCertificateTable {
  /** upper case hex */
  serial: string;
  enrolment_id: string;
  instance_id: string;
  /** fingerprint of the authority that issued it */
  authority: string;
  key_fingerprint: string;
  /** PEM */
  certificate: string;
  issued_at: Milliseconds;
  expires_at: Milliseconds;
  /** when the host was first seen to use it */
  confirmed_at: Milliseconds | null;
  ended_at: Milliseconds | null;
}

/** What was last heard of a host. */
export interface HostContactTable {
  instance_id: string;
  agent: string;
  api: number;
  /** fingerprints of the authorities that it believes, with blanks between */
  authorities: string;
  checked_in_at: Milliseconds | null;
  contact_at: Milliseconds;
}

/** A trial that was started through this console, and what was last heard of it. */
export interface TrialTable {
  /** the request's key, which the host keeps as well */
  key: string;
  instance_id: string;
  project_id: string;
  user_id: string;
  user_name: string;
  note: string;
  /** null while nobody knows whether it has begun */
  trial_id: string | null;
  /** what confirms it, sealed with the key as context; null where the host did not tell */
  secret: Uint8Array | null;
  /** the host's record as JSON */
  seen: string | null;
  seen_at: Milliseconds | null;
  /** when the host reverts by itself, at the latest */
  deadline_at: Milliseconds;
  sent_at: Milliseconds;
  ended_at: Milliseconds | null;
}

export interface OperationTable {
  id: string;
  project_id: string;
  /** of which bulk operation it is an item */
  parent_id: string | null;
  kind: string;
  state: string;
  instance_id: string | null;
  /** steps, subject, actor and problem as JSON (operations/model.ts) */
  body: string;
  /** the replica that is at it; null while none is */
  owner: string | null;
  /** until when that one has the right to, by the store's clock */
  lease_until: Milliseconds;
  created_at: Milliseconds;
  updated_at: Milliseconds;
}

/** What a running operation works on, so that no second one does at the same time. */
export interface OperationHoldTable {
  /** `nic:ID` or `ip:ID` */
  resource: string;
  operation_id: string;
}

/** The rules that a roll-out brings to one host, and those that it found there. */
export interface RolloutRulesTable {
  /** of the host's own operation */
  operation_id: string;
  /** both in save form, the whole of a family */
  wanted: string;
  before: string;
}

/** What one user wants of one host's rules and has not applied. */
export interface DraftTable {
  instance_id: string;
  user_id: string;
  user_name: string;
  project_id: string;
  /** one more with each save: a save names the one that it replaces */
  version: number;
  /** of the rules that the steps begin with */
  revision: string;
  /** those rules as JSON */
  base: string;
  /** as JSON */
  steps: string;
  step_count: number;
  next_step: number;
  /** what is switched off once the steps are kept on the host, as JSON */
  off: string;
  /** key of the trial that it is on the host as */
  trial_key: string | null;
  updated_at: Milliseconds;
}

/** Rules of a host that are switched off: only the console knows them. */
export interface OffRulesTable {
  instance_id: string;
  /** as JSON */
  rules: string;
}

/** What a user has chosen for one of their screens. */
export interface PreferenceTable {
  user_id: string;
  /** of the screen */
  name: string;
  /** as JSON */
  value: string;
  updated_at: Milliseconds;
}

/** A change that carried an Idempotency-Key. The key itself is nowhere: it opens the answer. */
export interface IdempotencyKeyTable {
  /** hash of project, user and key */
  id: string;
  /** keyed hash of what was asked */
  request_hash: string;
  /** null while no answer is known */
  status: number | null;
  /** sealed; null where the answer has no body */
  answer: Uint8Array | null;
  created_at: Milliseconds;
}

export interface Schema {
  idempotency_key: IdempotencyKeyTable;
  draft: DraftTable;
  off_rules: OffRulesTable;
  trial: TrialTable;
  authority: AuthorityTable;
  authority_step: AuthorityStepTable;
  join_token: JoinTokenTable;
  enrolment: EnrolmentTable;
  host_certificate: HostCertificateTable;
  host_contact: HostContactTable;
  session: SessionTable;
  audit: AuditTable;
  /** the newest record */
  audit_head: AuditPlaceTable;
  /** the newest record that retention has let go */
  audit_floor: AuditPlaceTable;
  event: EventTable;
  event_head: EventHeadTable;
  operation: OperationTable;
  operation_hold: OperationHoldTable;
  rollout_rules: RolloutRulesTable;
  preference: PreferenceTable;
}
