import { createHash, randomBytes } from 'node:crypto';
import { type Role, roleSchema, type Session } from '@moru/types';
import type { IssuedToken } from '../cloud/provider.ts';
import type { SessionTable } from '../store/schema.ts';
import type { SecretBox } from '../store/secret-box.ts';
import type { Database } from '../store/store.ts';
import { roleOf } from './roles.ts';

/** Ends with an hour of silence: short enough for a forgotten screen, long enough for a meeting. */
const idleMs = 60 * 60_000;

/**
 * A proven key is good for so long: a person at work is not asked twice for one clearing-up, and a screen that was left
 * open does not delete a server.
 */
const proofMs = 15 * 60_000;

/** Requests that were on their way with the cookie before the change still arrive; whoever stole it has no longer. */
const previousCookieMs = 30_000;

/** By which scanners of public code know a token that was left lying about. */
const tokenPrefix = 'moru_';

/** The last use is noted once a minute: a write for every read would cost more than the read. */
const touchMs = 60_000;

/** Tokens kept open, some 2 kB each; each belongs to a row that was just read. */
const maximumOpened = 1_000;

/** A person who has signed in, with what acting for them needs. Never leaves the process. */
export interface SignedIn {
  /** names the session from beginning to end, also when its cookie changes */
  idHash: string;
  user: Session['user'];
  project: Session['project'];
  role: Session['role'];
  expiresAt: string;
  /** the IAM token */
  token: string;
  /** the key was proven not long ago, as what cannot be taken back needs it */
  proven: boolean;
  /** what its maker calls the program that acts; null: a person in a browser */
  apiToken: { name: string; irrevocable: boolean } | null;
}

/** What a program may do in its maker's name, and for how long at most. */
export interface ApiTokenGrant {
  name: string;
  irrevocable: boolean;
  role: Role;
  hours: number;
}

/** Where a session begins, for its owner to recognise it by. */
export interface SignInPlace {
  address: string;
  device: string | null;
}

/** A session ends with its token, or for want of use before that. */
export interface SessionEnd {
  at: number;
  reason: 'token' | 'idle';
}

export interface SessionFacts extends Omit<SignInPlace, 'address'> {
  address: string | null;
  createdAt: number;
  usedAt: number;
  endsAt: number;
}

export interface Sessions {
  /** returns the id for the cookie, 128 random bits, which is not kept */
  start(issued: IssuedToken, place: SignInPlace): Promise<{ id: string; session: SignedIn }>;
  /** Returns a program's token, 256 random bits, which is not kept; it ends with the IAM token at the latest. */
  startForProgram(
    issued: IssuedToken,
    place: SignInPlace,
    grant: ApiTokenGrant,
  ): Promise<{ token: string; session: SignedIn }>;
  /**
   * The key was proven once more: the session goes on with the new token until that one ends, under a new id for the
   * cookie. Null when it is over meanwhile.
   */
  prove(
    session: Pick<SignedIn, 'idHash'>,
    issued: IssuedToken,
  ): Promise<{ id: string; session: SignedIn } | null>;
  /** null for unknown, ended and idle sessions alike; to be found is to be used, unless `touch` is false */
  find(id: string, options?: { touch: boolean }): Promise<SignedIn | null>;
  /** null for what is no program's token, or one that is over */
  findForProgram(token: string): Promise<SignedIn | null>;
  /** a session by what is stored of it, for what it has set going; null when it is over */
  resume(idHash: string): Promise<SignedIn | null>;
  end(session: Pick<SignedIn, 'idHash'>): Promise<void>;
  /** those of a person that are not over, the one used last first */
  ofUser(userId: string): Promise<(SignedIn & SessionFacts)[]>;
  /** when those of the sessions that are not over will end, by `idHash` */
  ends(idHashes: readonly string[]): Promise<Map<string, SessionEnd>>;
  /** of everybody, those that are not over */
  count(): Promise<number>;
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

  /** Opened ones, in order of last use: each request of a session would open the same box again. */
  const opened = new Map<string, { box: Buffer; token: string }>();

  /** null when the key has been exchanged since: then everybody signs in again */
  const openToken = (sealed: Uint8Array, idHash: string): string | null => {
    const known = opened.get(idHash);
    opened.delete(idHash);
    if (known?.box.equals(sealed)) {
      opened.set(idHash, known);
      return known.token;
    }
    try {
      const token = box.open(sealed, idHash);
      opened.set(idHash, { box: Buffer.from(sealed), token });
      const oldest = opened.keys().next().value;
      if (opened.size > maximumOpened && oldest !== undefined) opened.delete(oldest);
      return token;
    } catch {
      return null;
    }
  };

  const isLiving = (row: SessionTable) => endOf(row).at > now();

  const readLiving = async (idHash: string) => {
    const row = await db.selectFrom('session').selectAll().where('id_hash', '=', idHash).executeTakeFirst();
    return row && isLiving(row) ? row : null;
  };

  // put into words once: building it costs more than asking it, and every request does
  const byCookie = db
    .selectFrom('session')
    .selectAll()
    .where('api_token', 'is', null)
    .where(({ eb, or, and }) =>
      or([
        eb('cookie_hash', '=', ''),
        and([eb('id_hash', '=', ''), eb('cookie_hash', 'is', null)]),
        and([eb('previous_hash', '=', ''), eb('previous_until', '>', 0)]),
      ]),
    )
    .compile();

  const readByCookie = async (hash: string) => {
    const at = now();
    const parameters = byCookie.parameters.map((each) => (typeof each === 'number' ? at : hash));
    const { rows } = await db.executeQuery<SessionTable>({ ...byCookie, parameters });
    const [row] = rows;
    return row && isLiving(row) ? row : null;
  };

  const signedIn = (row: SessionTable): SignedIn | null => {
    const token = openToken(row.token, row.id_hash);
    if (token === null) return null;
    const { api_token: program } = row;
    const irrevocable = row.irrevocable === 1;
    return {
      idHash: row.id_hash,
      // whatever is recorded or written on a host in its name tells the program from the person
      user: { id: row.user_id, name: program === null ? row.user_name : `${row.user_name} (${program})` },
      project: { id: row.project_id, name: row.project_name },
      role: roleSchema.parse(row.role),
      expiresAt: new Date(row.expires_at).toISOString(),
      token,
      proven: program === null ? (row.proved_at ?? row.created_at) + proofMs > now() : irrevocable,
      apiToken: program === null ? null : { name: program, irrevocable },
    };
  };

  const insert = async (
    id: string,
    { token, user, project, roles, expiresAt }: IssuedToken,
    { address, device }: SignInPlace,
    grant: ApiTokenGrant | null,
  ): Promise<SignedIn> => {
    const idHash = hashOf(id);
    const row: SessionTable = {
      id_hash: idHash,
      user_id: user.id,
      user_name: user.name,
      project_id: project.id,
      project_name: project.name,
      role: grant?.role ?? roleOf(roles),
      token: box.seal(token, idHash),
      created_at: now(),
      used_at: now(),
      expires_at: Math.min(Date.parse(expiresAt), grant ? now() + grant.hours * 3_600_000 : Infinity),
      cookie_hash: null,
      previous_hash: null,
      previous_until: null,
      proved_at: null,
      address,
      device,
      api_token: grant?.name ?? null,
      irrevocable: grant ? Number(grant.irrevocable) : null,
    };
    await db.insertInto('session').values(row).execute();
    const session = signedIn(row);
    if (!session) throw new Error('what was sealed does not open');
    return session;
  };

  const touchIfDue = async ({ id_hash, used_at }: SessionTable) => {
    if (used_at + touchMs <= now()) await touch(id_hash);
  };

  return {
    async start(issued, place) {
      const id = randomBytes(16).toString('base64url');
      return { id, session: await insert(id, issued, place, null) };
    },

    async startForProgram(issued, place, grant) {
      const token = `${tokenPrefix}${randomBytes(32).toString('base64url')}`;
      return { token, session: await insert(token, issued, place, grant) };
    },

    async prove({ idHash }, { token, roles, expiresAt }) {
      const before = await readLiving(idHash);
      if (!before) return null;
      const id = randomBytes(16).toString('base64url');
      const row = await db
        .updateTable('session')
        .set({
          role: roleOf(roles),
          token: box.seal(token, idHash),
          used_at: now(),
          expires_at: Date.parse(expiresAt),
          cookie_hash: hashOf(id),
          previous_hash: before.cookie_hash ?? idHash,
          previous_until: now() + previousCookieMs,
          proved_at: now(),
        })
        .where('id_hash', '=', idHash)
        .returningAll()
        .executeTakeFirst();
      const session = row && signedIn(row);
      return session ? { id, session } : null;
    },

    async find(id, options = { touch: true }) {
      const row = await readByCookie(hashOf(id));
      const session = row && signedIn(row);
      if (session && options.touch) await touchIfDue(row);
      return session;
    },

    async findForProgram(token) {
      const row = await readLiving(hashOf(token));
      const session = row && row.api_token !== null ? signedIn(row) : null;
      if (row && session) await touchIfDue(row);
      return session;
    },

    async resume(idHash) {
      const row = await readLiving(idHash);
      return row && signedIn(row);
    },

    async end({ idHash }) {
      opened.delete(idHash);
      await db.deleteFrom('session').where('id_hash', '=', idHash).execute();
    },

    async ofUser(userId) {
      const rows = await db
        .selectFrom('session')
        .selectAll()
        .where('user_id', '=', userId)
        .orderBy('used_at', 'desc')
        .orderBy('id_hash')
        .execute();
      return rows.filter(isLiving).flatMap((row) => {
        const session = signedIn(row);
        const { address, device, created_at: createdAt, used_at: usedAt } = row;
        return session ? [{ ...session, address, device, createdAt, usedAt, endsAt: endOf(row).at }] : [];
      });
    },

    async ends(idHashes) {
      if (idHashes.length === 0) return new Map();
      const rows = await db
        .selectFrom('session')
        .select(['id_hash', 'expires_at', 'used_at', 'api_token'])
        .where('id_hash', 'in', idHashes)
        .execute();
      const ends = rows.map((row): [string, SessionEnd] => [row.id_hash, endOf(row)]);
      return new Map(ends.filter(([, { at }]) => at > now()));
    },

    async count() {
      const { count } = await db
        .selectFrom('session')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('expires_at', '>', now())
        .where((row) => row.or([row('api_token', 'is not', null), row('used_at', '>', now() - idleMs)]))
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    async sweep() {
      await db
        .deleteFrom('session')
        .where((row) =>
          row.or([
            row('expires_at', '<=', now()),
            row.and([row('api_token', 'is', null), row('used_at', '<=', now() - idleMs)]),
          ]),
        )
        .execute();
    },
  };
}

/** A program that is not heard of for long is no forgotten screen. */
function endOf({
  used_at,
  expires_at,
  api_token,
}: Pick<SessionTable, 'used_at' | 'expires_at' | 'api_token'>): SessionEnd {
  const idleAt = api_token === null ? used_at + idleMs : Infinity;
  return idleAt < expires_at ? { at: idleAt, reason: 'idle' } : { at: expires_at, reason: 'token' };
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}
