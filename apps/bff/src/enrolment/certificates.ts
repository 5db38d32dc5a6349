import { hostLeaf } from '@moru/enrolment';
import type { ReadRequest } from '@moru/enrolment/authority/request';
import { ProblemError } from '@moru/types';
import type { ExpressionBuilder, Selectable, Transaction } from 'kysely';
import type { HostCertificateTable, Schema } from '../store/schema.ts';
import type { Database } from '../store/store.ts';
import type { Authorities, IssuedCertificate } from './authorities.ts';

export type CertificateRow = Selectable<HostCertificateTable>;

type Holder = { id: string; instance_id: string };

export async function insertCertificate(
  transaction: Transaction<Schema>,
  enrolment: Holder,
  { serial, certificate, authority }: IssuedCertificate,
  { at, expiresAt, fingerprint }: { at: number; expiresAt: number; fingerprint: string },
): Promise<void> {
  const row: CertificateRow = {
    serial,
    enrolment_id: enrolment.id,
    instance_id: enrolment.instance_id,
    authority,
    key_fingerprint: fingerprint,
    certificate,
    issued_at: at,
    expires_at: expiresAt,
    confirmed_at: null,
    ended_at: null,
  };
  await transaction.insertInto('host_certificate').values(row).execute();
}

/** From now on no certificate of the instance is worth anything. */
export async function endCertificates(
  transaction: Transaction<Schema>,
  instanceId: string,
  now: number,
): Promise<void> {
  await transaction
    .updateTable('host_certificate')
    .set({ ended_at: now })
    .where('instance_id', '=', instanceId)
    .where(notEnded(now))
    .execute();
}

/** Condition on rows of `host_certificate`. */
export function notEnded(now: number) {
  return (eb: ExpressionBuilder<Schema, 'host_certificate'>) =>
    eb.or([eb('ended_at', 'is', null), eb('ended_at', '>', now)]);
}

/** What is under way over a connection that was made by the old certificate ends within this. */
const graceMs = 60_000;

export interface Certificates {
  /** the newest one of an enrolment that has not ended; null where there is none */
  ofEnrolment(enrolmentId: string): Promise<CertificateRow | null>;
  /** the certificate that a host has shown; rejects with `certificate.unknown`, `.revoked` or `.expired` */
  present(serial: string): Promise<CertificateRow>;
  /** whether it is time for a new one: a third of its life is left, or its authority is going */
  isDue(row: CertificateRow): Promise<boolean>;
  /** issues the next one; the present one stays good until the host was seen to use the next */
  renew(present: CertificateRow, request: ReadRequest): Promise<CertificateRow>;
  /** the host uses this one, so the others of its enrolment are over in a minute */
  confirm(row: CertificateRow): Promise<void>;
}

export function createCertificates(
  db: Database,
  authorities: Authorities,
  settings: { certificateLifeMs: number },
  now: () => number = Date.now,
): Certificates {
  const newest = async (enrolmentId: string) =>
    db
      .selectFrom('host_certificate')
      .selectAll()
      .where('enrolment_id', '=', enrolmentId)
      .where('ended_at', 'is', null)
      .orderBy('issued_at', 'desc')
      .limit(1)
      .executeTakeFirst();

  return {
    ofEnrolment: async (enrolmentId) => (await newest(enrolmentId)) ?? null,

    async present(serial) {
      const found = await db
        .selectFrom('host_certificate')
        .innerJoin('enrolment', 'enrolment.id', 'host_certificate.enrolment_id')
        .selectAll('host_certificate')
        .select('enrolment.state')
        .where('serial', '=', serial)
        .executeTakeFirst();
      if (!found) throw new ProblemError('certificate.unknown');
      const { state, ...row } = found;
      // the enrolment as well: a renewal may have been under way while it was revoked
      if ((row.ended_at !== null && row.ended_at <= now()) || state !== 'approved')
        throw new ProblemError('certificate.revoked');
      if (row.expires_at <= now()) throw new ProblemError('certificate.expired');
      return row;
    },

    async isDue(row) {
      const known = await authorities.read();
      const issuing = known.find(({ state }) => state === 'current');
      if (issuing && row.authority !== issuing.fingerprint) return true;
      const life = row.expires_at - row.issued_at;
      return now() >= row.issued_at + life * (2 / 3 + spreadOf(row.serial) / 12);
    },

    async renew(present, { publicKey, fingerprint }) {
      const expiresAt = now() + settings.certificateLifeMs;
      const issued = await authorities.issue(publicKey, hostLeaf(present.instance_id, expiresAt));
      const holder = { id: present.enrolment_id, instance_id: present.instance_id };
      await db.transaction().execute(async (transaction) => {
        // a renewal whose answer was lost leaves one behind that nobody holds a key for
        await transaction
          .deleteFrom('host_certificate')
          .where('enrolment_id', '=', present.enrolment_id)
          .where('confirmed_at', 'is', null)
          .where('serial', '<>', present.serial)
          .execute();
        await insertCertificate(transaction, holder, issued, { at: now(), expiresAt, fingerprint });
      });
      const row = await newest(present.enrolment_id);
      if (!row) throw new ProblemError('certificate.revoked');
      return row;
    },

    async confirm(row) {
      if (row.confirmed_at !== null) return;
      await db.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('host_certificate')
          .set({ confirmed_at: now() })
          .where('serial', '=', row.serial)
          .execute();
        await transaction
          .updateTable('host_certificate')
          .set({ ended_at: now() + graceMs })
          .where('instance_id', '=', row.instance_id)
          .where('serial', '<>', row.serial)
          .where('ended_at', 'is', null)
          .execute();
      });
    },
  };
}

/** From 0 to 1 by the serial number, which is random: hosts that enrolled together do not renew together. */
function spreadOf(serial: string): number {
  return Number.parseInt(serial.slice(-4), 16) / 0xffff;
}
