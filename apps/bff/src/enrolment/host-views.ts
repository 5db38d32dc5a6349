import type { Host, OpenToken, WaitingHost } from '@moru/types';
import type { CloudInstance } from '../cloud/provider.ts';
import type { Database } from '../store/store.ts';
import type { CertificateRow } from './certificates.ts';
import type { ContactRow } from './contacts.ts';
import { type EnrolmentRow, waitingMs } from './enrolments.ts';
import type { JoinTokens } from './tokens.ts';

export interface HostViews {
  /** every instance, and hosts that are known though the cloud has no such instance any more, by name */
  list(projectId: string, instances: readonly CloudInstance[]): Promise<Host[]>;
  /** one of them; `instance` null when the cloud has none. Null when it is not known here either */
  find(projectId: string, instanceId: string, instance: CloudInstance | null): Promise<Host | null>;
}

export function createHostViews(
  db: Database,
  tokens: JoinTokens,
  settings: { checkInSeconds: number },
  now: () => number = Date.now,
): HostViews {
  const staleMs = 3 * 1.2 * settings.checkInSeconds * 1_000;

  const read = async (projectId: string, instanceId?: string) => {
    let enrolments = db
      .selectFrom('enrolment')
      .selectAll()
      .where('project_id', '=', projectId)
      .where('state', 'in', ['waiting', 'approved', 'revoked', 'ended'])
      .orderBy('requested_at');
    let certificates = db
      .selectFrom('host_certificate')
      .innerJoin('enrolment', 'enrolment.id', 'host_certificate.enrolment_id')
      .selectAll('host_certificate')
      .where('project_id', '=', projectId)
      .where('state', 'in', ['approved', 'revoked'])
      .orderBy('issued_at');
    let contacts = db.selectFrom('host_contact').selectAll();
    if (instanceId !== undefined) {
      enrolments = enrolments.where('instance_id', '=', instanceId);
      certificates = certificates.where('host_certificate.instance_id', '=', instanceId);
      contacts = contacts.where('instance_id', '=', instanceId);
    }
    const [requests, issued, heard, open] = await Promise.all([
      enrolments.execute(),
      certificates.execute(),
      contacts.execute(),
      tokens.open(projectId, instanceId),
    ]);
    const known = new Map<string, Known>();
    const of = (id: string): Known => {
      const entry = known.get(id) ?? {
        waiting: null,
        last: null,
        certificates: [],
        contact: null,
        tokens: [],
      };
      known.set(id, entry);
      return entry;
    };
    // in the order of time, so that the last one stays
    for (const row of requests) {
      if (row.state !== 'waiting') of(row.instance_id).last = row;
      else if (row.requested_at > now() - waitingMs) of(row.instance_id).waiting = row;
    }
    for (const row of issued) of(row.instance_id).certificates.push(row);
    for (const row of heard) {
      const entry = known.get(row.instance_id);
      if (entry) entry.contact = row;
    }
    for (const [id, list] of open) of(id).tokens = list;
    return known;
  };

  const view = (instanceId: string, known: Known | undefined, instance: CloudInstance | null): Host => {
    const last = known?.last ?? null;
    const current = last?.state === 'approved' || last?.state === 'revoked' ? last : null;
    const certificate = current
      ? (known?.certificates.findLast((row) => row.enrolment_id === current.id) ?? null)
      : null;
    const waiting = known?.waiting ?? null;
    const state = stateOf(current, certificate, waiting !== null, now());
    const contact = current ? (known?.contact ?? null) : null;
    const primary = instance?.networkInterfaces.find(({ primary }) => primary);
    return {
      instanceId,
      name: instance?.name ?? waiting?.instance_name ?? last?.instance_name ?? null,
      instanceStatus: instance?.status ?? null,
      address: primary?.privateIp ?? null,
      state,
      waiting: waiting && waitingView(waiting, instance),
      certificate: certificate && {
        serial: certificate.serial,
        fingerprint: certificate.key_fingerprint,
        issuedAt: timeOf(certificate.issued_at),
        expiresAt: timeOf(certificate.expires_at),
        authority: certificate.authority,
      },
      agent: contact && { version: contact.agent, api: contact.api },
      lastContact: contact && timeOf(contact.contact_at),
      stale: state === 'enrolled' && now() - (contact?.contact_at ?? certificate?.issued_at ?? 0) > staleMs,
      tokens: known?.tokens ?? [],
      decision:
        current?.decided_at && current.decided_by !== null
          ? { by: current.decided_by, at: timeOf(current.decided_at) }
          : null,
    };
  };

  return {
    async list(projectId, instances) {
      const known = await read(projectId);
      const present = new Set(instances.map(({ id }) => id));
      const hosts = instances.map((instance) => view(instance.id, known.get(instance.id), instance));
      for (const [id, entry] of known) {
        const live = entry.waiting !== null || entry.last?.state === 'approved';
        if (!present.has(id) && live) hosts.push(view(id, entry, null));
      }
      return hosts.sort(
        (a, b) => (a.name ?? '').localeCompare(b.name ?? '') || (a.instanceId < b.instanceId ? -1 : 1),
      );
    },

    async find(projectId, instanceId, instance) {
      const known = (await read(projectId, instanceId)).get(instanceId);
      return known || instance ? view(instanceId, known, instance) : null;
    },
  };
}

/** What the store knows of one instance. */
interface Known {
  waiting: EnrolmentRow | null;
  /** the last one that was decided */
  last: EnrolmentRow | null;
  /** oldest first */
  certificates: CertificateRow[];
  contact: ContactRow | null;
  tokens: OpenToken[];
}

function stateOf(
  current: EnrolmentRow | null,
  certificate: CertificateRow | null,
  isWaiting: boolean,
  now: number,
): Host['state'] {
  const good = current?.state === 'approved' && certificate !== null && certificate.expires_at > now;
  if (good) return 'enrolled';
  if (isWaiting) return 'waiting';
  if (!current) return 'notEnrolled';
  return current.state === 'revoked' ? 'revoked' : 'expired';
}

function waitingView(row: EnrolmentRow, instance: CloudInstance | null): WaitingHost {
  return {
    fingerprint: row.key_fingerprint,
    requestedAt: timeOf(row.requested_at),
    expiresAt: timeOf(row.requested_at + waitingMs),
    hostname: row.hostname,
    agent: row.agent,
    address: row.address,
    addressMatches: instance?.networkInterfaces.some(({ privateIp }) => privateIp === row.address) ?? null,
  };
}

const timeOf = (ms: number) => new Date(ms).toISOString();
