import { randomUUID } from 'node:crypto';
import { type AuthorityView, ProblemError, type RotationPhase } from '@moru/types';
import type { Transaction } from 'kysely';
import type { Schema } from '../store/schema.ts';
import type { Database } from '../store/store.ts';
import { type Authorities, type Authority, authoritiesFreshMs } from './authorities.ts';
import { waitingMs } from './enrolments.ts';

export interface Rotation {
  view(projectId: string): Promise<AuthorityView>;
  /**
   * Goes to a phase. Rejects with `authority.changed` when `authority` does not issue (any more) or the phase is not
   * the next one, and with `authority.needed` while a host is not ready for it.
   */
  advance(wish: { to: RotationPhase; authority: string; by: string; projectId: string }): Promise<void>;
}

/** Replicas read the authorities anew within this, so that none still issues or shows what was left behind. */
const settleMs = 2 * authoritiesFreshMs;
const maximumNamed = 50;

type Current = { authorities: Authority[]; current: Authority; other: Authority | null };

export function createRotation(
  db: Database,
  authorities: Authorities,
  now: () => number = Date.now,
): Rotation {
  const readCurrent = async (): Promise<Current> => {
    authorities.forget();
    const known = await authorities.read();
    const [current, other = null] = known;
    if (!current) throw new TypeError('there is always an authority');
    return { authorities: known, current, other };
  };

  /** Hosts that would be lost if they were not ready: enrolled, with a certificate that is good. */
  const readHosts = async ({ current, other }: Current) => {
    if (!other) return [];
    const rows = await db
      .selectFrom('enrolment')
      .innerJoin('host_certificate', 'host_certificate.enrolment_id', 'enrolment.id')
      .leftJoin('host_contact', 'host_contact.instance_id', 'enrolment.instance_id')
      .select([
        'enrolment.instance_id',
        'enrolment.instance_name',
        'enrolment.project_id',
        'host_certificate.authority',
        'host_certificate.confirmed_at',
        'host_contact.authorities',
      ])
      .where('enrolment.state', '=', 'approved')
      .where(({ and, eb, or }) =>
        and([
          or([eb('host_certificate.ended_at', 'is', null), eb('host_certificate.ended_at', '>', now())]),
          eb('host_certificate.expires_at', '>', now()),
        ]),
      )
      .orderBy('enrolment.instance_name')
      .execute();
    const hosts = new Map<string, { instanceId: string; name: string; projectId: string; ready: boolean }>();
    for (const row of rows) {
      const ready =
        other.state === 'next'
          ? (row.authorities ?? '').split(' ').includes(other.fingerprint)
          : row.authority === current.fingerprint && row.confirmed_at !== null;
      const known = hosts.get(row.instance_id);
      const { instance_id: instanceId, instance_name: name, project_id: projectId } = row;
      hosts.set(instanceId, { instanceId, name, projectId, ready: ready || (known?.ready ?? false) });
    }
    return [...hosts.values()];
  };

  /** Tokens with which a host could still come, or waits, and verify us by this authority only. */
  const countTokens = async (fingerprint: string): Promise<number> => {
    const { count } = await db
      .selectFrom('join_token')
      .leftJoin('enrolment', 'enrolment.token_id', 'join_token.id')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('authority', '=', fingerprint)
      .where(({ and, eb, or }) =>
        or([
          and([eb('used_at', 'is', null), eb('revoked_at', 'is', null), eb('expires_at', '>', now())]),
          and([eb('enrolment.state', '=', 'waiting'), eb('requested_at', '>', now() - waitingMs)]),
        ]),
      )
      .executeTakeFirstOrThrow();
    return Number(count);
  };

  const readSteps = async () => {
    const rows = await db.selectFrom('authority_step').selectAll().orderBy('at').execute();
    const latest = rows.at(-1)?.fingerprint;
    return rows.filter(({ fingerprint }) => fingerprint === latest);
  };

  const view = async (projectId: string): Promise<AuthorityView> => {
    const state = await readCurrent();
    const { current, other } = state;
    const [hosts, steps, tokens] = await Promise.all([
      readHosts(state),
      readSteps(),
      other?.state === 'former' ? countTokens(other.fingerprint) : 0,
    ]);
    const ready = hosts.filter((host) => host.ready).length;
    const settledAt = (steps.at(-1)?.at ?? 0) + settleMs;
    const waitingFor = hosts
      .filter((host) => !host.ready && host.projectId === projectId)
      .slice(0, maximumNamed)
      .map(({ instanceId, name }) => ({ instanceId, name }));
    return {
      fingerprint: current.fingerprint,
      createdAt: timeOf(current.createdAt),
      expiresAt: timeOf(current.expiresAt),
      rotation: other && {
        phase: other.state === 'next' ? 'introduced' : 'reissuing',
        other: other.fingerprint,
        hosts: { total: hosts.length, ready },
        waitingFor,
        tokens,
        settledAt: timeOf(settledAt),
        mayContinue: ready === hosts.length && tokens === 0 && now() >= settledAt,
      },
      steps: steps.map(({ phase, at, by_name }) => ({
        phase: phase as RotationPhase,
        at: timeOf(at),
        by: by_name,
      })),
    };
  };

  return {
    view,

    async advance({ to, authority, by, projectId }) {
      const { current, other } = await readCurrent();
      if (current.fingerprint !== authority) throw new ProblemError('authority.changed');
      const { rotation } = await view(projectId);
      const from = rotation?.phase ?? null;
      if (from !== startOf[to]) throw new ProblemError('authority.changed');
      if (rotation && to !== 'cancelled' && !rotation.mayContinue) throw needed(rotation, now());
      const made = to === 'introduced' ? await authorities.make() : null;
      await db
        .transaction()
        .execute(async (transaction) => {
          if (made) {
            const row = { ...made, state: 'next', created_at: now() };
            await transaction.insertInto('authority').values(row).execute();
          }
          for (const [fingerprint, change] of changesOf(to, current, other)) {
            await move(transaction, fingerprint, change);
          }
          // of the authority that comes in with this rotation, whichever side of the exchange it is on by now
          const incoming = other?.state === 'former' ? current.fingerprint : other?.fingerprint;
          const fingerprint = made?.fingerprint ?? incoming ?? '';
          const step = { id: randomUUID(), fingerprint, phase: to, at: now(), by_name: by };
          await transaction.insertInto('authority_step').values(step).execute();
        })
        .catch((error: unknown) => {
          // somebody else made the next authority in the same moment
          if (made && isConflict(error)) throw new ProblemError('authority.changed', {}, { cause: error });
          throw error;
        })
        .finally(() => authorities.forget());
    },
  };
}

const startOf: Record<RotationPhase, 'introduced' | 'reissuing' | null> = {
  introduced: null,
  reissuing: 'introduced',
  done: 'reissuing',
  cancelled: 'introduced',
};

interface Change {
  from: Authority['state'];
  to: Authority['state'] | 'dropped';
}

/** In an order in which no state is held twice. */
function changesOf(to: RotationPhase, current: Authority, other: Authority | null): [string, Change][] {
  const otherFingerprint = other?.fingerprint ?? '';
  switch (to) {
    case 'introduced':
      return [];
    case 'reissuing':
      return [
        [current.fingerprint, { from: 'current', to: 'former' }],
        [otherFingerprint, { from: 'next', to: 'current' }],
      ];
    case 'done':
      return [[otherFingerprint, { from: 'former', to: 'dropped' }]];
    case 'cancelled':
      return [[otherFingerprint, { from: 'next', to: 'dropped' }]];
  }
}

async function move(transaction: Transaction<Schema>, fingerprint: string, { from, to }: Change) {
  const { numUpdatedRows } = await transaction
    .updateTable('authority')
    .set({ state: to, ...(to === 'dropped' && { sealed_key: null }) })
    .where('fingerprint', '=', fingerprint)
    .where('state', '=', from)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new ProblemError('authority.changed');
}

/** A unique index was hit: SQLite's words, or PostgreSQL's code. */
function isConflict(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return /UNIQUE constraint/.test(error.message) || (error as { code?: string }).code === '23505';
}

function needed(rotation: NonNullable<AuthorityView['rotation']>, now: number): ProblemError {
  const { hosts, tokens, settledAt } = rotation;
  const missing = hosts.total - hosts.ready;
  const reasons = [
    ...(missing > 0 ? [`${missing} of ${hosts.total} hosts are not ready.`] : []),
    ...(tokens > 0 ? [`${tokens} join tokens name the old authority.`] : []),
    ...(Date.parse(settledAt) > now ? ['The last phase began a moment ago.'] : []),
  ];
  return new ProblemError('authority.needed', { detail: reasons.join(' ') });
}

const timeOf = (ms: number) => new Date(ms).toISOString();
