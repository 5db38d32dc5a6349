import { X509Certificate } from 'node:crypto';
import { fingerprintOf, type Leaf } from '@moru/enrolment';
import type { KeyPair } from '@moru/enrolment/authority';
import type { ReadRequest } from '@moru/enrolment/authority/request';
import { ProblemError } from '@moru/types';
import { StoreError } from '../store/errors.ts';
import type { SecretBox } from '../store/secret-box.ts';
import type { Database } from '../store/store.ts';

/**
 * `current` issues; during a rotation hosts believe another one beside it: `next` before it issues, `former` when it
 * has ceased to.
 */
export interface Authority {
  fingerprint: string;
  /** PEM */
  certificate: string;
  state: 'current' | 'next' | 'former';
  createdAt: number;
  expiresAt: number;
}

export interface IssuedCertificate {
  certificate: string;
  serial: string;
  /** fingerprint of the authority */
  authority: string;
}

export interface Authorities {
  /** those that are believed, the one that issues first; at most 2 s old. Makes the first one */
  read(): Promise<Authority[]>;
  /** verifies a host's request; rejects with `enrolment.request` */
  readRequest(text: string): Promise<ReadRequest>;
  /** for a key that somebody else holds */
  issue(publicKey: ReadRequest['publicKey'], leaf: Leaf): Promise<IssuedCertificate>;
  /** for a key of our own, by the authority of this fingerprint */
  issueKeyPair(fingerprint: string, leaf: Leaf): Promise<KeyPair>;
  /** an authority that is not stored yet, its key sealed */
  make(): Promise<{ fingerprint: string; certificate: string; sealed_key: string; expires_at: number }>;
  /** rejects with StoreError when a key cannot be opened */
  check(): Promise<void>;
  /** what was read is old */
  forget(): void;
}

/** A change that another replica made is seen after this. */
export const authoritiesFreshMs = 2_000;

/** The library takes 200 ms to load and 20 MB, and most starts issue nothing before somebody looks at a host. */
const library = () => import('@moru/enrolment/authority');

const contextOf = (fingerprint: string) => `authority:${fingerprint}`;

/** The installation's certificate authorities, in the store so that every replica issues by the same. */
export function createAuthorities(db: Database, box: SecretBox, now: () => number = Date.now): Authorities {
  let cached: { at: number; value: Promise<Authority[]> } | null = null;

  const make = async () => {
    const { certificate, key } = await (await library()).makeAuthority(now());
    const fingerprint = fingerprintOf(certificate);
    const sealed_key = Buffer.from(box.seal(key, contextOf(fingerprint))).toString('base64');
    const expires_at = Date.parse(new X509Certificate(certificate).validTo);
    return { fingerprint, certificate, sealed_key, expires_at };
  };

  const select = () => db.selectFrom('authority').selectAll().where('state', '<>', 'dropped').execute();

  const load = async (): Promise<Authority[]> => {
    let rows = await select();
    if (!rows.some(({ state }) => state === 'current')) {
      const first = { ...(await make()), state: 'current', created_at: now() };
      // another replica may be first
      await db
        .insertInto('authority')
        .values(first)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      rows = await select();
    }
    return rows
      .map(({ fingerprint, certificate, state, created_at, expires_at }) => ({
        fingerprint,
        certificate,
        state: state as Authority['state'],
        createdAt: created_at,
        expiresAt: expires_at,
      }))
      .sort((a, b) => Number(b.state === 'current') - Number(a.state === 'current'));
  };

  const open = async (fingerprint: string): Promise<KeyPair> => {
    const row = await db
      .selectFrom('authority')
      .selectAll()
      .where('fingerprint', '=', fingerprint)
      .executeTakeFirst();
    if (!row?.sealed_key) throw new StoreError(`there is no authority ${fingerprint} that could issue`);
    try {
      const key = box.open(Buffer.from(row.sealed_key, 'base64'), contextOf(fingerprint));
      return { certificate: row.certificate, key };
    } catch (error) {
      throw new StoreError(
        'the key of the certificate authority was sealed with another secret key: start with the key that this store was made with (MORU_SECRET_KEY_FILE)',
        { cause: error },
      );
    }
  };

  const read = () => {
    if (!cached || now() - cached.at >= authoritiesFreshMs || now() < cached.at) {
      const value = load();
      const entry = { at: now(), value };
      cached = entry;
      value.catch(() => {
        if (cached === entry) cached = null;
      });
    }
    return cached.value;
  };

  return {
    read,
    make,
    forget: () => {
      cached = null;
    },

    async readRequest(text) {
      const { BadRequest, readRequest } = await import('@moru/enrolment/authority/request');
      return readRequest(text).catch((error: unknown) => {
        if (!(error instanceof BadRequest)) throw error;
        throw new ProblemError('enrolment.request', { detail: error.message }, { cause: error });
      });
    },

    async issue(publicKey, leaf) {
      const rows = await select();
      const current = rows.find(({ state }) => state === 'current')?.fingerprint ?? '';
      const { certificate, serial } = await (await library()).issueCertificate(
        await open(current),
        publicKey,
        leaf,
        now(),
      );
      return { certificate, serial, authority: current };
    },

    async issueKeyPair(fingerprint, leaf) {
      return (await library()).issueKeyPair(await open(fingerprint), leaf, now());
    },

    async check() {
      for (const { fingerprint } of await select()) await open(fingerprint);
    },
  };
}
