import { constants } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext, type SecureContextOptions } from 'node:tls';

/**
 * Reads ca.pem, agent.pem and agent.key; throws an Error that names the file or says why the three do not fit.
 * TLS 1.3 only. Tickets are off, so that no session outlives the certificates it was checked against.
 */
export async function readCertificates(folder: string): Promise<SecureContextOptions> {
  const read = (name: string) => readFile(join(folder, name), 'utf8');
  const [ca, cert, key] = await Promise.all([read('ca.pem'), read('agent.pem'), read('agent.key')]);
  const options: SecureContextOptions = {
    ca,
    cert,
    key,
    minVersion: 'TLSv1.3',
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
  try {
    createSecureContext(options);
  } catch (error) {
    throw new Error(`the certificates in ${folder} cannot be used`, { cause: error });
  }
  return options;
}
