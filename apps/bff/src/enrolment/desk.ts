import {
  type CheckInAnswer,
  type CheckInRequest,
  type EnrolmentAnswer,
  type EnrolmentRequest,
  type JoinToken,
  ProblemError,
} from '@moru/types';
import { type AuditRecorders, recordRefusal, runRecorded } from '../audit/operation.ts';
import type { Authorities } from './authorities.ts';
import type { CertificateRow, Certificates } from './certificates.ts';
import type { Contacts } from './contacts.ts';
import { type EnrolmentRow, type Enrolments, waitingMs } from './enrolments.ts';
import { hostOperation } from './host-operation.ts';
import type { JoinTokens, TokenRow } from './tokens.ts';
import type { AgentTrust } from './trust.ts';

/** Where a host's request came from. */
export interface Origin {
  address: string;
  requestId: string;
}

/** What a host can want of the installation. Each rejects with a ProblemError. */
export interface HostDesk {
  /** certificates of the authorities, PEM, the one that issues first */
  believed(): Promise<string[]>;
  enrol(token: JoinToken, request: EnrolmentRequest, origin: Origin): Promise<EnrolmentAnswer>;
  checkIn(serial: string, said: CheckInRequest): Promise<CheckInAnswer>;
  renew(
    serial: string,
    request: string,
    origin: Origin,
  ): Promise<{ certificate: string; authorities: string[] }>;
}

export interface DeskParts extends AuditRecorders {
  authorities: Authorities;
  tokens: JoinTokens;
  enrolments: Enrolments;
  certificates: Certificates;
  contacts: Contacts;
  trust: AgentTrust;
  /** pause between two check-ins of one host */
  checkInSeconds: number;
  now?: () => number;
}

/** While somebody compares fingerprints. */
const waitingSeconds = 2;
/** While hosts are to learn about another authority. */
const rotatingSeconds = 60;

export function createHostDesk(parts: DeskParts): HostDesk {
  const { authorities, tokens, enrolments, certificates, contacts, trust, now = Date.now } = parts;

  const believed = async () => (await authorities.read()).map(({ certificate }) => certificate);

  /** What came of a request, asked again and again by the host that made it. */
  const outcomeOf = async (row: EnrolmentRow): Promise<EnrolmentAnswer> => {
    if (row.state === 'refused') throw new ProblemError('enrolment.refused');
    if (row.state === 'waiting') {
      if (row.requested_at <= now() - waitingMs) throw new ProblemError('token.expired');
      return { state: 'waiting', fingerprint: row.key_fingerprint, againSeconds: waitingSeconds };
    }
    const certificate = row.state === 'approved' ? await certificates.ofEnrolment(row.id) : null;
    if (!certificate) throw new ProblemError('certificate.revoked');
    if (certificate.key_fingerprint !== row.key_fingerprint) throw new ProblemError('token.used');
    return { state: 'issued', certificate: certificate.certificate, authorities: await believed() };
  };

  const open = (token: TokenRow, wish: Parameters<Enrolments['open']>[1], origin: Origin) => {
    const { hostname, agent, keyFingerprint, address } = wish;
    const detail = { fingerprint: keyFingerprint, hostname, agent, address, token: token.id };
    const operation = hostOperation('host.request', token, { ...origin, detail });
    return runRecorded(
      parts,
      operation,
      () => enrolments.open(token, wish),
      ({ state }) => ({ state }),
    );
  };

  /** A token that was made for first boot approves by itself, in the name of whoever made it. */
  const approve = async (token: TokenRow, row: EnrolmentRow, origin: Origin) => {
    const detail = { fingerprint: row.key_fingerprint, by: token.created_by, token: token.id };
    const place = { instanceId: row.instance_id, projectId: row.project_id };
    await runRecorded(
      parts,
      hostOperation('host.approve', token, { ...origin, detail }),
      () => enrolments.approve(place, row.key_fingerprint, token.created_by),
      (issued) => ({ ...issued }),
    ).catch((error: unknown) => {
      // the same request, sent again after its answer was lost, was faster
      if (!(error instanceof ProblemError) || error.problem.code !== 'enrolment.notWaiting') throw error;
    });
    trust.forget(row.instance_id);
  };

  return {
    believed,

    async enrol(token, { request, hostname, agent }, origin) {
      const { fingerprint } = await authorities.readRequest(request);
      const row = await tokens.verify(token, fingerprint).catch(async (error: unknown) => {
        await noteSecondUse(parts, tokens, { token, fingerprint, origin, error });
        throw error;
      });
      const before = await enrolments.ofToken(row.id);
      if (before && (before.state !== 'waiting' || row.approval !== 'automatic')) return outcomeOf(before);
      const wish = { request, keyFingerprint: fingerprint, hostname, agent, address: origin.address };
      const enrolment = before ?? (await open(row, wish, origin));
      if (row.approval === 'automatic') await approve(row, enrolment, origin);
      const after = await enrolments.ofToken(row.id);
      return outcomeOf(after ?? enrolment);
    },

    async checkIn(serial, said) {
      const row = await certificates.present(serial);
      await certificates.confirm(row);
      await contacts.checkedIn(row.instance_id, said);
      const known = await authorities.read();
      const again = known.length > 1 ? Math.min(rotatingSeconds, parts.checkInSeconds) : parts.checkInSeconds;
      return {
        authorities: known.map(({ certificate }) => certificate),
        renew: await certificates.isDue(row),
        againSeconds: Math.min(again, lifeSecondsOf(row) / 12),
      };
    },

    async renew(serial, text, origin) {
      const present = await certificates.present(serial);
      const request = await authorities.readRequest(text);
      const place = await enrolments.place(present.enrolment_id);
      const detail = { fingerprint: request.fingerprint, serial: present.serial };
      const next = await runRecorded(
        parts,
        hostOperation('host.renew', place, { ...origin, detail }),
        () => certificates.renew(present, request),
        (issued) => ({ serial: issued.serial, expiresAt: issued.expires_at }),
      );
      trust.forget(next.instance_id);
      return { certificate: next.certificate, authorities: await believed() };
    },
  };
}

const lifeSecondsOf = ({ issued_at, expires_at }: CertificateRow) => (expires_at - issued_at) / 1_000;

/** A token that comes a second time, with another key, was stolen or mixed up: somebody should see that. */
async function noteSecondUse(
  recorders: AuditRecorders,
  tokens: JoinTokens,
  {
    token,
    fingerprint,
    origin,
    error,
  }: { token: JoinToken; fingerprint: string; origin: Origin; error: unknown },
): Promise<void> {
  if (!(error instanceof ProblemError) || error.problem.code !== 'token.used') return;
  const row = await tokens.find(token.id);
  if (!row) return;
  const detail = { fingerprint, token: token.id };
  await recordRefusal(recorders, hostOperation('host.request', row, { ...origin, detail }), error);
}
