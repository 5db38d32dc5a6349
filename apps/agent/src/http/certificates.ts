import { constants } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { parseCredential } from '@moru/enrolment';
import { messageOf } from '../log.ts';
import { errorCode } from '../process/durable.ts';

/**
 * Reads key, certificate and authorities from one file; null where it is not there, as before enrolment. Throws an
 * Error that says why they do not fit. TLS 1.3 only. Tickets are off, so that no session outlives the certificates it
 * was checked against.
 */
export async function readCertificates(file: string): Promise<SecureContextOptions | null> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  try {
    const { key, certificate, authorities } = parseCredential(text);
    const options: SecureContextOptions = {
      ca: authorities,
      cert: certificate,
      key,
      minVersion: 'TLSv1.3',
      secureOptions: constants.SSL_OP_NO_TICKET,
    };
    createSecureContext(options);
    return options;
  } catch (error) {
    throw new Error(`${file} cannot be used: ${messageOf(error)}`, { cause: error });
  }
}
