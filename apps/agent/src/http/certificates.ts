import { constants } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { parseCredential } from '@moru/enrolment';
import { messageOf } from '../log.ts';

/**
 * Key, certificate and authorities of a credential's text (agent.pem). Throws an Error that says why they do not fit.
 * TLS 1.3 only. Tickets are off, so that no session outlives the certificates it was checked against.
 */
export function certificatesOf(text: string): SecureContextOptions {
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
    throw new Error(`the credential cannot be used: ${messageOf(error)}`, { cause: error });
  }
}
