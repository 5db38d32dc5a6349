import { readFile } from 'node:fs/promises';
import { certificateRequest, hostLeaf, keyFingerprint, makeKey } from '@moru/enrolment';
import { createAuthorities } from '../enrolment/authorities.ts';
import { insertCertificate } from '../enrolment/certificates.ts';
import { createLogger } from '../log.ts';
import { createSecretBox } from '../store/secret-box.ts';
import { openStore, type StorePlace } from '../store/store.ts';
import type { BffHome } from './bff-process.ts';
import type { Pair } from './certificates.ts';

const quiet = createLogger({ write: () => undefined });
const lifeMs = 86_400_000;
const inChunksOf = 500;

/**
 * Puts hosts into a store as if each had enrolled, thousands of them within a minute; no process may have it open. They
 * share a key, and each has a certificate of its own.
 */
export async function enrolFleet(
  { data, keyFile, place }: Pick<BffHome, 'data' | 'keyFile'> & { place?: StorePlace },
  projectId: string,
  hosts: readonly { id: string; name: string }[],
): Promise<{ ca: string; certificateOf(instanceId: string): Pair }> {
  const store = await openStore(place ?? { kind: 'sqlite', folder: data }, quiet);
  try {
    const box = createSecretBox(Buffer.from((await readFile(keyFile, 'utf8')).trim(), 'hex'));
    const authorities = createAuthorities(store.db, box);
    const [authority] = await authorities.read();
    if (!authority) throw new Error('there is no authority');
    const key = await makeKey();
    const { publicKey } = await authorities.readRequest(await certificateRequest(key));
    const fingerprint = keyFingerprint(key);
    const certificates = new Map<string, string>();
    const at = Date.now();
    const expiresAt = at + lifeMs;
    for (let from = 0; from < hosts.length; from += inChunksOf) {
      const chunk = hosts.slice(from, from + inChunksOf);
      const issued = await Promise.all(
        chunk.map(({ id }) => authorities.issue(publicKey, hostLeaf(id, expiresAt))),
      );
      await store.db.transaction().execute(async (transaction) => {
        for (const [index, { id, name }] of chunk.entries()) {
          const certificate = issued[index];
          if (!certificate) throw new TypeError('one certificate for each host');
          await transaction
            .insertInto('enrolment')
            .values({
              ...{ id: `fleet-${id}`, instance_id: id, instance_name: name, project_id: projectId },
              ...{ token_id: `fleet-${id}`, key_fingerprint: fingerprint, request: '', hostname: name },
              ...{ agent: '0.1.0', address: '127.0.0.1', state: 'approved' },
              ...{ requested_at: at, decided_at: at, decided_by: 'fleet' },
            })
            .execute();
          const holder = { id: `fleet-${id}`, instance_id: id };
          await insertCertificate(transaction, holder, certificate, { at, expiresAt, fingerprint });
          certificates.set(id, certificate.certificate);
        }
      });
    }
    return {
      ca: authority.certificate,
      certificateOf(id) {
        const certificate = certificates.get(id);
        if (certificate === undefined) throw new Error(`${id} is not of the fleet`);
        return { certificate, key };
      },
    };
  } finally {
    await store.close();
  }
}
