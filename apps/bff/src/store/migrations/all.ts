import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Schema } from '../schema.ts';
import { createSessionsAndAudit } from './0001-sessions-and-audit.ts';
import { addAuditHead } from './0002-audit-head.ts';
import { addEvents } from './0003-events.ts';
import { createEnrolment } from './0004-enrolment.ts';
import { addTrials } from './0005-trials.ts';
import { addOperations } from './0006-operations.ts';
import { addDrafts } from './0007-drafts.ts';
import { addSessionDevices } from './0008-session-devices.ts';
import { indexAuditOperations } from './0009-audit-operations.ts';
import { addIdempotency } from './0010-idempotency.ts';
import { addApiTokens } from './0011-api-tokens.ts';
import { indexTrust } from './0012-index-trust.ts';
import { addRolloutRules } from './0013-rollout-rules.ts';
import { addPreferences } from './0014-preferences.ts';
import type { StoreKind } from './columns.ts';

type Step = (db: Kysely<Schema>, kind: StoreKind) => Promise<void>;

/**
 * Steps of the schema by name, forward only: an older program refuses a newer store, and a mistake is mended by a
 * further step. A step only adds, since the replicas of an upgrade run side by side for a while.
 */
const steps: Record<string, Step> = {
  '0001-sessions-and-audit': createSessionsAndAudit,
  '0002-audit-head': addAuditHead,
  '0003-events': addEvents,
  '0004-enrolment': createEnrolment,
  '0005-trials': addTrials,
  '0006-operations': addOperations,
  '0007-drafts': addDrafts,
  '0008-session-devices': addSessionDevices,
  '0009-audit-operations': indexAuditOperations,
  '0010-idempotency': addIdempotency,
  '0011-api-tokens': addApiTokens,
  '0012-index-trust': indexTrust,
  '0013-rollout-rules': addRolloutRules,
  '0014-preferences': addPreferences,
};

export function migrationsFor(kind: StoreKind): Record<string, Migration> {
  return Object.fromEntries(
    Object.entries(steps).map(([name, up]) => [name, { up: (db: Kysely<Schema>) => up(db, kind) }]),
  );
}
