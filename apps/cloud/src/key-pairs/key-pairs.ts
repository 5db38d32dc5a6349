import { randomUUID } from 'node:crypto';
import type { CreateKeyPair, keyPairFilters, Pagination, StrictKeyPair } from '@moru/kakaocloud';
import { ApiFailure } from '../http/failure.ts';
import type { Account } from '../iam/accounts.ts';
import { type Listing, listPage } from '../store/lists.ts';
import type { Store } from '../store/store.ts';
import { fingerprintOf, makeKeyPair, readPublicKey } from './open-ssh.ts';

type KeyPairRow = Omit<StrictKeyPair, 'type'>;

const columns = 'k.id, k.name, k.user_id, k.fingerprint, k.public_key, k.created_at';

const listing: Listing<(typeof keyPairFilters)[number] | 'user_id'> = {
  select: columns,
  from: 'key_pairs k',
  project: 'k.project_id',
  id: 'k.id',
  filters: {
    id: 'k.id = ?',
    name: 'instr(lower(k.name), lower(?)) > 0',
    type: "lower(?) = 'ssh'",
    fingerprint: 'k.fingerprint = lower(?)',
    user_id: 'k.user_id = ?',
    created_at: 'k.created_at = ?',
  },
  sorts: { id: 'k.id', name: 'k.name COLLATE NOCASE', created_at: 'k.created_at' },
};

/**
 * Key pairs (reference/kakaocloud.md C.4). Each belongs to the user who made it, as Nova's do; whether other users of
 * the project see it is not documented, so they do not.
 */
export class KeyPairs {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  list(
    caller: Account,
    query: Record<string, unknown>,
  ): { keypairs: StrictKeyPair[]; pagination: Pagination } {
    const own = { ...query, user_id: caller.userId };
    const { rows, pagination } = listPage<KeyPairRow>(this.#store, listing, caller.projectId, own);
    return { keypairs: rows.map(wire), pagination };
  }

  /** @throws ApiFailure 404 */
  get(caller: Account, name: string): StrictKeyPair {
    const row = this.#find(caller, name);
    if (row === undefined) throw new ApiFailure(404, `There is no key pair ${name}`);
    return wire(row);
  }

  /**
   * The key pair that a body names in `field`.
   *
   * @throws ApiFailure 400
   */
  named(caller: Account, name: string, field: string): StrictKeyPair {
    const row = this.#find(caller, name);
    if (row === undefined) throw new ApiFailure(400, `${field}: there is no key pair ${name}`);
    return wire(row);
  }

  /**
   * Imports a public key, or makes a pair; the private key is told here and kept nowhere.
   *
   * @throws ApiFailure 400 for a key that is none, 409 for a name that is taken
   */
  create(
    caller: Account,
    { name, public_key: given }: CreateKeyPair,
  ): StrictKeyPair & { private_key: string | null } {
    if (this.#find(caller, name)) throw new ApiFailure(409, `There is a key pair ${name} already`);
    if (given == null) {
      const made = makeKeyPair(`${caller.name}@moru`);
      insertKeyPair(this.#store, caller, name, made.publicKey);
      return { ...this.get(caller, name), private_key: made.privateKey };
    }
    const publicKey = readPublicKey(given);
    if (publicKey === null)
      throw new ApiFailure(400, 'keypair.public_key: is not a public key in OpenSSH form');
    insertKeyPair(this.#store, caller, name, publicKey);
    return { ...this.get(caller, name), private_key: null };
  }

  /**
   * Hosts that have its public key keep it.
   *
   * @throws ApiFailure 404
   */
  remove(caller: Account, name: string): void {
    this.#store.run('DELETE FROM key_pairs WHERE id = ?', this.get(caller, name).id);
  }

  #find({ projectId, userId }: Account, name: string): KeyPairRow | undefined {
    return this.#store.get<KeyPairRow>(
      `SELECT ${columns} FROM key_pairs k WHERE k.project_id = ? AND k.user_id = ? AND k.name = ?`,
      projectId,
      userId,
      name,
    );
  }
}

export function insertKeyPair(
  store: Store,
  { projectId, userId }: Pick<Account, 'projectId' | 'userId'>,
  name: string,
  publicKey: string,
  at = new Date().toISOString(),
): void {
  store.run(
    `INSERT INTO key_pairs (id, project_id, user_id, name, public_key, fingerprint, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    randomUUID(),
    projectId,
    userId,
    name,
    publicKey,
    fingerprintOf(publicKey),
    at,
  );
}

function wire(row: KeyPairRow): StrictKeyPair {
  return { ...row, type: 'ssh' };
}
