import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Approval, type JoinToken, type OpenToken, ProblemError } from '@moru/types';
import type { Selectable } from 'kysely';
import type { JoinTokenTable } from '../store/schema.ts';
import type { Database } from '../store/store.ts';

export type TokenRow = Selectable<JoinTokenTable>;

/** An instance as somebody's project has it. */
export interface HostPlace {
  instanceId: string;
  instanceName: string;
  projectId: string;
}

export interface JoinTokens {
  make(
    place: HostPlace,
    wish: { minutes: number; approval: Approval; authority: string; createdBy: string },
  ): Promise<{ token: JoinToken; open: OpenToken }>;
  /** those that can still be used, by instance */
  open(projectId: string, instanceId?: string): Promise<Map<string, OpenToken[]>>;
  /** whatever became of it */
  find(id: string): Promise<TokenRow | null>;
  /** rejects with `token.notFound` */
  revoke(place: Pick<HostPlace, 'instanceId' | 'projectId'>, id: string): Promise<void>;
  /**
   * The row of a token that this key may enrol with, used by it already or by nobody. Rejects with `token.invalid`,
   * `token.used`, `token.expired` or `token.revoked`.
   */
  verify(token: JoinToken, keyFingerprint: string): Promise<TokenRow>;
}

/**
 * Clocks of replicas differ, and clocks are set. A token from further in the future than this was made before the
 * clock was set back, and would live longer than it may (reference/security.md T22).
 */
export const skewMs = 5 * 60_000;

const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex');

/** One-use tokens, each for one instance. Only hashes are stored. */
export function createJoinTokens(db: Database, now: () => number = Date.now): JoinTokens {
  const usable = () =>
    db
      .selectFrom('join_token')
      .where('used_at', 'is', null)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', now());

  const find = async (id: string) =>
    (await db.selectFrom('join_token').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;

  return {
    find,

    async make(place, { minutes, approval, authority, createdBy }) {
      const token = {
        id: randomBytes(8).toString('base64url'),
        secret: randomBytes(24).toString('base64url'),
        authority,
      };
      const row: TokenRow = {
        id: token.id,
        secret_hash: hashOf(token.secret),
        instance_id: place.instanceId,
        instance_name: place.instanceName,
        project_id: place.projectId,
        authority,
        approval,
        created_by: createdBy,
        created_at: now(),
        expires_at: now() + minutes * 60_000,
        used_at: null,
        used_key: null,
        revoked_at: null,
      };
      await db.insertInto('join_token').values(row).execute();
      return { token, open: viewOf(row) };
    },

    async open(projectId, instanceId) {
      let query = usable().selectAll().where('project_id', '=', projectId).orderBy('created_at');
      if (instanceId !== undefined) query = query.where('instance_id', '=', instanceId);
      const found = new Map<string, OpenToken[]>();
      for (const row of await query.execute()) {
        found.set(row.instance_id, [...(found.get(row.instance_id) ?? []), viewOf(row)]);
      }
      return found;
    },

    async revoke({ instanceId, projectId }, id) {
      const { numUpdatedRows } = await db
        .updateTable('join_token')
        .set({ revoked_at: now() })
        .where('id', '=', id)
        .where('instance_id', '=', instanceId)
        .where('project_id', '=', projectId)
        .where('used_at', 'is', null)
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', now())
        .executeTakeFirst();
      if (numUpdatedRows === 0n) throw new ProblemError('token.notFound');
    },

    async verify({ id, secret }, keyFingerprint) {
      const row = await find(id);
      // compared also where there is no such token, and in constant time
      const wanted = Buffer.from(row?.secret_hash ?? hashOf(''), 'hex');
      const matches = timingSafeEqual(Buffer.from(hashOf(secret), 'hex'), wanted);
      if (!row || !matches || row.created_at > now() + skewMs) throw new ProblemError('token.invalid');
      if (row.used_at !== null) {
        if (row.used_key === keyFingerprint) return row;
        throw new ProblemError('token.used');
      }
      if (row.revoked_at !== null) throw new ProblemError('token.revoked');
      if (row.expires_at <= now()) throw new ProblemError('token.expired');
      return row;
    },
  };
}

const timeOf = (ms: number) => new Date(ms).toISOString();

function viewOf(row: TokenRow): OpenToken {
  return {
    id: row.id,
    createdAt: timeOf(row.created_at),
    createdBy: row.created_by,
    expiresAt: timeOf(row.expires_at),
    approval: row.approval as Approval,
  };
}
