import { createHash, randomBytes } from 'node:crypto';
import { roleSchema, type Session } from '@moru/types';
import type { IssuedToken } from '../cloud/provider.ts';
import type { SessionTable } from '../store/schema.ts';
import type { SecretBox } from '../store/secret-box.ts';
import type { Database } from '../store/store.ts';
import { roleOf } from './roles.ts';

/** Ends with an hour of silence: short enough for a forgotten screen, long enough for a meeting. */
const idleMs = 60 * 60_000;

/** The last use is noted once a minute: a write for every read would cost more than the read. */
const touchMs = 60_000;

/** A person who has signed in, with what acting for them needs. Never leaves the process. */
export interface SignedIn {
  idHash: string;
  user: Session['user'];
  project: Session['project'];
  role: Session['role'];
  expiresAt: string;
  /** the IAM token */
  token: string;
}

/** A session ends with its token, or for want of use before that. */
export interface SessionEnd {
  at: number;
  reason: 'token' | 'idle';
}

export interface Sessions {
  /** returns the id for the cookie, 128 random bits, which is not kept */
  start(issued: IssuedToken): Promise<{ id: string; session: SignedIn }>;
  /** null for unknown, ended and idle sessions alike; to be found is to be used, unless `touch` is false */
  find(id: string, options?: { touch: boolean }): Promise<SignedIn | null>;
  /** a session by what is stored of it, for what it has set going; null when it is over */
  resume(idHash: string): Promise<SignedIn | null>;
  end(session: Pick<SignedIn, 'idHash'>): Promise<void>;
  /** when those of the sessions that are not over will end, by `idHash` */
  ends(idHashes: readonly string[]): Promise<Map<string, SessionEnd>>;
  /** forgets sessions that are over */
  sweep(): Promise<void>;
}

export function createSessions(db: Database, box: SecretBox, now: () => number = Date.now): Sessions {
  /** a full disk must not keep anybody from reading (reference/security.md F17) */
  const touch = async (idHash: string) => {
    await db
      .updateTable('session')
      .set({ used_at: now() })
      .where('id_hash', '=', idHash)
      .execute()
      .catch(() => undefined);
  };

  /** null when the key has been exchanged since: then everybody signs in again */
  const openToken = (sealed: Uint8Array, idHash: string): string | null => {
    try {
      return box.open(sealed, idHash);
    } catch {
      return null;
    }
  };

  const readLiving = async (idHash: string) => {
    const row = await db.selectFrom('session').selectAll().where('id_hash', '=', idHash).executeTakeFirst();
    return row && row.expires_at > now() && row.used_at + idleMs > now() ? row : null;
  };

  const signedIn = (row: SessionTable): SignedIn | null => {
    const token = openToken(row.token, row.id_hash);
    if (token === null) return null;
    return {
      idHash: row.id_hash,
      user: { id: row.user_id, name: row.user_name },
      project: { id: row.project_id, name: row.project_name },
      role: roleSchema.parse(row.role),
      expiresAt: new Date(row.expires_at).toISOString(),
      token,
    };
  };

  return {
    async start({ token, user, project, roles, expiresAt }) {
      const id = randomBytes(16).toString('base64url');
      const idHash = hashOf(id);
      const role = roleOf(roles);
      await db
        .insertInto('session')
        .values({
          id_hash: idHash,
          user_id: user.id,
          user_name: user.name,
          project_id: project.id,
          project_name: project.name,
          role,
          token: box.seal(token, idHash),
          created_at: now(),
          used_at: now(),
          expires_at: Date.parse(expiresAt),
        })
        .execute();
      return { id, session: { idHash, user, project, role, expiresAt, token } };
    },

    async find(id, options = { touch: true }) {
      const idHash = hashOf(id);
      const row = await readLiving(idHash);
      const session = row && signedIn(row);
      if (session && options.touch && row.used_at + touchMs <= now()) await touch(idHash);
      return session;
    },

    async resume(idHash) {
      const row = await readLiving(idHash);
      return row && signedIn(row);
    },

    async end({ idHash }) {
      await db.deleteFrom('session').where('id_hash', '=', idHash).execute();
    },

    async ends(idHashes) {
      if (idHashes.length === 0) return new Map();
      const rows = await db
        .selectFrom('session')
        .select(['id_hash', 'expires_at', 'used_at'])
        .where('id_hash', 'in', idHashes)
        .execute();
      const ends = rows.map(({ id_hash, expires_at, used_at }): [string, SessionEnd] => {
        const idleAt = used_at + idleMs;
        return [
          id_hash,
          idleAt < expires_at ? { at: idleAt, reason: 'idle' } : { at: expires_at, reason: 'token' },
        ];
      });
      return new Map(ends.filter(([, { at }]) => at > now()));
    },

    async sweep() {
      await db
        .deleteFrom('session')
        .where((row) => row.or([row('expires_at', '<=', now()), row('used_at', '<=', now() - idleMs)]))
        .execute();
    },
  };
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}
