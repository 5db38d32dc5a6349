import { hostname } from 'node:os';
import { type Credential, EnrolmentFailure, type EnrolProgress, enrol } from '@moru/enrolment';
import { parseJoinToken } from '@moru/types';
import packageFile from '../../package.json' with { type: 'json' };
import type { Config } from '../config.ts';
import { errorCode } from '../process/durable.ts';
import { forgetKeys, keyFor, writeEnrolled } from './files.ts';
import { alone } from './lock.ts';

export interface Wish {
  server: string;
  token: string;
  waitMs: number;
  progress?: (progress: EnrolProgress) => void;
  signal?: AbortSignal;
}

/**
 * Makes the host known to an installation and puts the credential in place. The key is on the disk before anything is
 * sent. Throws EnrolmentFailure, or an Error with a sentence about the disk.
 */
export async function joinInstallation(config: Config, wish: Wish): Promise<Credential> {
  const token = parseJoinToken(wish.token);
  if (!token) throw new EnrolmentFailure('token', 'This is no join token, or not all of it.');
  return alone(config, async () => {
    const key = await keyFor(config, token.id).catch((error: unknown) => {
      throw onDisk('The key could not be written, and nothing was sent', error);
    });
    const credential = await enrol({ ...wish, key, agent: packageFile.version, hostname: ownName() });
    await writeEnrolled(config, { credential, server: wish.server }).catch((error: unknown) => {
      const words = 'The certificate was issued, but could not be written';
      throw onDisk(`${words}. Once it can, the same command with the same token puts it in place`, error);
    });
    await forgetKeys(config).catch(() => {});
    return credential;
  });
}

/** What the console shows beside the fingerprint; it takes no other characters. */
function ownName(): string {
  return (
    hostname()
      .replace(/[^A-Za-z0-9_.-]/g, '-')
      .slice(0, 64) || 'unnamed'
  );
}

function onDisk(words: string, error: unknown): Error {
  const code = errorCode(error) ?? String(error);
  const meaning = code === 'ENOSPC' ? 'the disk is full' : code === 'EROFS' ? 'the disk is read-only' : code;
  return new Error(`${words} (${meaning}).`, { cause: error });
}
