import { createHash, randomBytes } from 'node:crypto';
import type { Store } from '../store/store.ts';
import type { Account, Accounts } from './accounts.ts';

/** 12 hours (reference/kakaocloud.md C.1). */
const lifetimeMs = 12 * 60 * 60 * 1000;

/** A token that holds now, and whose it is. */
export interface Grant {
  account: Account;
  auditId: string;
  issuedAt: string;
  expiresAt: string;
}

interface TokenRow {
  account_id: string;
  access_key_id: string;
  audit_id: string;
  issued_at: string;
  expires_at: string;
}

/** IAM tokens. Only their hashes are kept, so the file on disk opens nothing. */
export class Tokens {
  readonly #store: Store;
  readonly #accounts: Accounts;
  readonly #now: () => number;

  constructor(store: Store, accounts: Accounts, now: () => number) {
    this.#store = store;
    this.#accounts = accounts;
    this.#now = now;
  }

  issue(account: Account): { token: string; grant: Grant } {
    const token = randomBytes(32).toString('base64url');
    const now = this.#now();
    const issuedAt = new Date(now).toISOString();
    const expiresAt = new Date(now + lifetimeMs).toISOString();
    const auditId = randomBytes(16).toString('base64url');
    this.#store.transaction(() => {
      this.#store.run('DELETE FROM tokens WHERE expires_at <= ?', issuedAt);
      this.#store.run(
        'INSERT INTO tokens (hash, account_id, access_key_id, audit_id, issued_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
        hashOf(token),
        account.id,
        account.accessKeyId,
        auditId,
        issuedAt,
        expiresAt,
      );
    });
    return { token, grant: { account, auditId, issuedAt, expiresAt } };
  }

  /** Undefined when the token is unknown, over, revoked, or its account is gone or has another key now. */
  grantOf(token: string): Grant | undefined {
    const row = this.#store.get<TokenRow>(
      'SELECT account_id, access_key_id, audit_id, issued_at, expires_at FROM tokens WHERE hash = ?',
      hashOf(token),
    );
    if (row === undefined || Date.parse(row.expires_at) <= this.#now()) return undefined;
    const account = this.#accounts.byId(row.account_id);
    if (account === undefined || account.accessKeyId !== row.access_key_id) return undefined;
    return { account, auditId: row.audit_id, issuedAt: row.issued_at, expiresAt: row.expires_at };
  }

  revoke(token: string): void {
    this.#store.run('DELETE FROM tokens WHERE hash = ?', hashOf(token));
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
