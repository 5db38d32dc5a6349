import { chown, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Credential, makeKey, parseCredential, printCredential } from '@moru/enrolment';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { errorCode, makeFolder, type Owner, replaceFile, writeNew } from '../process/durable.ts';

export type Places = Pick<Config, 'stateFolder' | 'tlsFolder'>;

/** Key, certificate and authorities in one file, so that one rename changes all of them. */
export const credentialFile = ({ tlsFolder }: Places) => join(tlsFolder, 'agent.pem');
/** The address of the enrolment listener. */
const serverFile = ({ tlsFolder }: Places) => join(tlsFolder, 'enrolment.json');
/** What first boot, or cloud-init in its place, leaves for the agent: joinFileSchema. */
export const joinFile = ({ stateFolder }: Places) => join(stateFolder, 'join.json');

const serverSchema = z.strictObject({ server: z.string() });

export interface Enrolled {
  credential: Credential;
  server: string;
}

/** Null before the host is enrolled; throws an Error that names the file where it cannot be read. */
export async function readEnrolled(places: Places): Promise<Enrolled | null> {
  const credential = await readOr(credentialFile(places), null, parseCredential);
  const enrolment = await readOr(serverFile(places), null, (text) => serverSchema.parse(JSON.parse(text)));
  return credential && enrolment ? { credential, server: enrolment.server } : null;
}

async function readOr<T, Other>(
  path: string,
  missing: Other,
  parse: (text: string) => T,
): Promise<T | Other> {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return missing;
    throw new Error(`${path} cannot be read: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
}

/** The address first: alone it means nothing, while a credential without it could never be renewed. */
export async function writeEnrolled(places: Places, { credential, server }: Enrolled): Promise<void> {
  const owner = await makeTlsFolder(places);
  await replaceFile(serverFile(places), `${JSON.stringify({ server })}\n`, owner);
  await replaceFile(credentialFile(places), printCredential(credential), owner);
}

const pending = (tokenId: string) => `pending-${tokenId}.key`;

/**
 * The key that goes with a token, made when there is none. It is kept until the certificate is in place: asked again
 * with the same key, the server answers with what it has issued, so that nothing is lost by a full disk or a crash.
 */
export async function keyFor(places: Places, tokenId: string): Promise<string> {
  const owner = await makeTlsFolder(places);
  const path = join(places.tlsFolder, pending(tokenId));
  const before = await readOr(path, null, (text) => text);
  if (before) return before;
  const key = await makeKey();
  await unlink(path).catch(() => {});
  await writeNew(path, key, owner);
  return key;
}

export async function forgetKeys({ tlsFolder }: Places): Promise<void> {
  const names = await readdir(tlsFolder);
  const keys = names.filter((name) => /^pending-.*\.key$/.test(name));
  await Promise.all(keys.map((name) => unlink(join(tlsFolder, name))));
}

/**
 * Makes the folder where there is none, and answers whose the files in it are: what root's own command writes, the agent
 * reads, which works as a user of its own where it is installed so. Null: ours.
 */
export async function makeTlsFolder({ stateFolder, tlsFolder }: Places): Promise<Owner | null> {
  await makeFolder(tlsFolder);
  if (process.geteuid?.() !== 0) return null;
  const { uid, gid } = await stat(stateFolder);
  if (uid === 0) return null;
  await chown(tlsFolder, uid, gid);
  return { uid, gid };
}
