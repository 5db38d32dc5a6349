import { randomUUID } from 'node:crypto';
import { hostLeaf } from '@moru/enrolment';
import { ProblemError } from '@moru/types';
import type { Selectable, Transaction } from 'kysely';
import type { EnrolmentTable, Schema } from '../store/schema.ts';
import type { Database } from '../store/store.ts';
import type { Authorities } from './authorities.ts';
import { endCertificates, insertCertificate } from './certificates.ts';
import type { TokenRow } from './tokens.ts';

export type EnrolmentRow = Selectable<EnrolmentTable>;

/** What a host asks with. */
export interface HostRequest {
  /** PEM, its signature verified */
  request: string;
  keyFingerprint: string;
  hostname: string;
  agent: string;
  address: string;
}

export interface Place {
  instanceId: string;
  projectId: string;
}

export interface Enrolments {
  /** takes the token for good; what waited for this instance before waits no more. Rejects with `token.used` */
  open(token: TokenRow, request: HostRequest): Promise<EnrolmentRow>;
  /** whose it is; rejects with `certificate.unknown` */
  place(id: string): Promise<Pick<EnrolmentRow, 'instance_id' | 'instance_name' | 'project_id'>>;
  /** what came of a token that was used; null for one that was not */
  ofToken(tokenId: string): Promise<EnrolmentRow | null>;
  /** issues the certificate; earlier ones of the instance end. Rejects with `enrolment.notWaiting` */
  approve(place: Place, fingerprint: string, by: string): Promise<{ serial: string; expiresAt: number }>;
  /** rejects with `enrolment.notWaiting` */
  refuse(place: Place, fingerprint: string, by: string): Promise<void>;
  /** ends everything by which the host is known or could become known; `agent.notEnrolled` where there is nothing */
  revoke(place: Place, by: string): Promise<void>;
  /** the host that was known is no more: rebuilt or deleted. Nothing where none was known */
  end(instanceId: string, by: string): Promise<void>;
}

/** A host whose request nobody has looked at for this long asks anew. */
export const waitingMs = 24 * 3_600_000;

export function createEnrolments(
  db: Database,
  authorities: Authorities,
  settings: { certificateLifeMs: number },
  now: () => number = Date.now,
): Enrolments {
  const findWaiting = async ({ instanceId, projectId }: Place, fingerprint: string) => {
    const row = await db
      .selectFrom('enrolment')
      .selectAll()
      .where('instance_id', '=', instanceId)
      .where('project_id', '=', projectId)
      .where('key_fingerprint', '=', fingerprint)
      .where('state', '=', 'waiting')
      .where('requested_at', '>', now() - waitingMs)
      .executeTakeFirst();
    if (!row) throw new ProblemError('enrolment.notWaiting');
    return row;
  };

  /** Moves what is in one state of an instance to another; answers how many there were. */
  const move = async (
    transaction: Transaction<Schema>,
    instanceId: string,
    change: { from: string; to: string; by: string },
  ) => {
    const { numUpdatedRows } = await transaction
      .updateTable('enrolment')
      .set({ state: change.to, decided_at: now(), decided_by: change.by })
      .where('instance_id', '=', instanceId)
      .where('state', '=', change.from)
      .executeTakeFirst();
    return Number(numUpdatedRows);
  };

  return {
    open: (token, { keyFingerprint, ...request }) =>
      db.transaction().execute(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('join_token')
          .set({ used_at: now(), used_key: keyFingerprint })
          .where('id', '=', token.id)
          .where('used_at', 'is', null)
          .where('revoked_at', 'is', null)
          .executeTakeFirst();
        // somebody else came between the look at the token and this
        if (numUpdatedRows === 0n) throw new ProblemError('token.used');
        const change = { from: 'waiting', to: 'replaced', by: token.created_by };
        await move(transaction, token.instance_id, change);
        const row: EnrolmentRow = {
          ...request,
          id: randomUUID(),
          instance_id: token.instance_id,
          instance_name: token.instance_name,
          project_id: token.project_id,
          token_id: token.id,
          key_fingerprint: keyFingerprint,
          state: 'waiting',
          requested_at: now(),
          decided_at: null,
          decided_by: null,
        };
        await transaction.insertInto('enrolment').values(row).execute();
        return row;
      }),

    async place(id) {
      const row = await db.selectFrom('enrolment').selectAll().where('id', '=', id).executeTakeFirst();
      if (!row) throw new ProblemError('certificate.unknown');
      return row;
    },

    async ofToken(tokenId) {
      const row = await db
        .selectFrom('enrolment')
        .selectAll()
        .where('token_id', '=', tokenId)
        .executeTakeFirst();
      return row ?? null;
    },

    async approve(place, fingerprint, by) {
      const waiting = await findWaiting(place, fingerprint);
      const { publicKey } = await authorities.readRequest(waiting.request);
      const expiresAt = now() + settings.certificateLifeMs;
      const issued = await authorities.issue(publicKey, hostLeaf(waiting.instance_id, expiresAt));
      await db.transaction().execute(async (transaction) => {
        await move(transaction, place.instanceId, { from: 'approved', to: 'replaced', by });
        const { numUpdatedRows } = await transaction
          .updateTable('enrolment')
          .set({ state: 'approved', decided_at: now(), decided_by: by })
          .where('id', '=', waiting.id)
          .where('state', '=', 'waiting')
          .executeTakeFirst();
        if (numUpdatedRows === 0n) throw new ProblemError('enrolment.notWaiting');
        await endCertificates(transaction, place.instanceId, now());
        await insertCertificate(transaction, waiting, issued, { at: now(), expiresAt, fingerprint });
      });
      return { serial: issued.serial, expiresAt };
    },

    async refuse(place, fingerprint, by) {
      const { id } = await findWaiting(place, fingerprint);
      const { numUpdatedRows } = await db
        .updateTable('enrolment')
        .set({ state: 'refused', decided_at: now(), decided_by: by })
        .where('id', '=', id)
        .where('state', '=', 'waiting')
        .executeTakeFirst();
      if (numUpdatedRows === 0n) throw new ProblemError('enrolment.notWaiting');
    },

    revoke: ({ instanceId, projectId }, by) =>
      db.transaction().execute(async (transaction) => {
        const known = await transaction
          .selectFrom('enrolment')
          .select('id')
          .where('instance_id', '=', instanceId)
          .where('project_id', '=', projectId)
          .where('state', 'in', ['waiting', 'approved'])
          .execute();
        if (known.length === 0) throw new ProblemError('agent.notEnrolled');
        await move(transaction, instanceId, { from: 'approved', to: 'revoked', by });
        await move(transaction, instanceId, { from: 'waiting', to: 'refused', by });
        await endCertificates(transaction, instanceId, now());
        await transaction
          .updateTable('join_token')
          .set({ revoked_at: now() })
          .where('instance_id', '=', instanceId)
          .where('used_at', 'is', null)
          .where('revoked_at', 'is', null)
          .execute();
      }),

    end: (instanceId, by) =>
      db.transaction().execute(async (transaction) => {
        await move(transaction, instanceId, { from: 'approved', to: 'ended', by });
        await move(transaction, instanceId, { from: 'waiting', to: 'ended', by });
        await endCertificates(transaction, instanceId, now());
      }),
  };
}
