import { agentClientName, ProblemError } from '@moru/types';
import type { Database } from '../store/store.ts';
import type { Authorities, Authority } from './authorities.ts';
import { type CertificateRow, notEnded } from './certificates.ts';

/** What this process shows agents, and the authorities that it believes of theirs. The same object while nothing changes. */
export interface ClientTls {
  ca: string[];
  certificate: string;
  key: string;
}

/** Which agents are to be believed. */
export interface AgentTrust {
  tls(): Promise<ClientTls>;
  /**
   * Serial numbers of the certificates that an instance's agent may show. Rejects with `agent.notEnrolled`,
   * `agent.revoked` or `agent.expired`.
   */
  expected(instanceId: string): Promise<ReadonlySet<string>>;
  /** of the same for many at once, looked up anew: what is not in it is worth nothing any more */
  stillGood(instanceIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** of these instances, those with such a certificate, looked up anew: `expected` rejects for all others */
  enrolled(instanceIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** what was known of the instance is old */
  forget(instanceId: string): void;
}

/** A revocation by another replica counts after this; with the sweep of open connections well within a minute (T9). */
const freshMs = 5_000;
const maximumHosts = 20_000;

/** Our own certificate outlives no week, and is made anew after half of that. */
const clientLifeMs = 7 * 86_400_000;

const inChunksOf = 500;

export function createAgentTrust(
  db: Database,
  authorities: Authorities,
  now: () => number = Date.now,
): AgentTrust {
  const known = new Map<string, { at: number; serials: Promise<ReadonlySet<string>> }>();
  let client: { believed: string; madeAt: number; tls: Promise<ClientTls> } | null = null;

  const makeClient = async (issuer: Authority, believed: Authority[]): Promise<ClientTls> => {
    const leaf = {
      commonName: agentClientName,
      usages: ['client'] as const,
      expiresAt: now() + clientLifeMs,
    };
    const pair = await authorities.issueKeyPair(issuer.fingerprint, leaf);
    return { ...pair, ca: believed.map(({ certificate }) => certificate) };
  };

  const look = async (instanceId: string): Promise<ReadonlySet<string>> => {
    const last = await db
      .selectFrom('enrolment')
      .select(['id', 'state'])
      .where('instance_id', '=', instanceId)
      .where('state', 'in', ['approved', 'revoked', 'ended'])
      .orderBy('requested_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (!last || last.state === 'ended') throw new ProblemError('agent.notEnrolled');
    if (last.state === 'revoked') throw new ProblemError('agent.revoked');
    const rows = await db
      .selectFrom('host_certificate')
      .select('serial')
      .where('enrolment_id', '=', last.id)
      .where(notEnded(now()))
      .where('expires_at', '>', now())
      .execute();
    if (rows.length === 0) throw new ProblemError('agent.expired');
    return new Set(rows.map(({ serial }) => serial));
  };

  /** Certificates in use of so many instances. */
  const goodOf = async (instanceIds: readonly string[]) => {
    const good: Pick<CertificateRow, 'serial' | 'instance_id'>[] = [];
    for (let from = 0; from < instanceIds.length; from += inChunksOf) {
      const rows = await db
        .selectFrom('host_certificate')
        .innerJoin('enrolment', 'enrolment.id', 'host_certificate.enrolment_id')
        .select(['host_certificate.serial', 'host_certificate.instance_id'])
        .where('host_certificate.instance_id', 'in', instanceIds.slice(from, from + inChunksOf))
        .where('enrolment.state', '=', 'approved')
        .where(notEnded(now()))
        .where('expires_at', '>', now())
        .execute();
      good.push(...rows);
    }
    return good;
  };

  return {
    async tls() {
      const believed = await authorities.read();
      const [issuer] = believed;
      if (!issuer) throw new TypeError('there is always an authority');
      const print = believed.map(({ fingerprint }) => fingerprint).join();
      const old = client && (now() - client.madeAt > clientLifeMs / 2 || now() < client.madeAt);
      if (!client || client.believed !== print || old) {
        const made = { believed: print, madeAt: now(), tls: makeClient(issuer, believed) };
        client = made;
        made.tls.catch(() => {
          if (client === made) client = null;
        });
      }
      return client.tls;
    },

    expected(instanceId) {
      const before = known.get(instanceId);
      if (before && now() - before.at < freshMs && now() >= before.at) return before.serials;
      if (known.size >= maximumHosts) known.clear();
      const entry = { at: now(), serials: look(instanceId) };
      known.set(instanceId, entry);
      entry.serials.catch((error: unknown) => {
        // that there is none is worth remembering; that the store did not answer is not
        if (!(error instanceof ProblemError) && known.get(instanceId) === entry) known.delete(instanceId);
      });
      return entry.serials;
    },

    async stillGood(instanceIds) {
      const good = await goodOf(instanceIds);
      return new Set(good.map(({ serial }) => serial));
    },

    async enrolled(instanceIds) {
      const good = await goodOf(instanceIds);
      return new Set(good.map(({ instance_id }) => instance_id));
    },

    forget: (instanceId) => {
      known.delete(instanceId);
    },
  };
}
