import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { ProblemError } from '@moru/types';

/**
 * The serial number of the certificate that a host has shown, issued by one of our authorities and in its time.
 * Rejects with `certificate.required`, `.expired` or `.unknown`.
 */
export function peerSerial({ socket }: IncomingMessage): string {
  if (!(socket instanceof TLSSocket)) throw new ProblemError('certificate.required');
  const { serialNumber } = socket.getPeerCertificate();
  if (!serialNumber) throw new ProblemError('certificate.required');
  if (socket.authorized) return serialNumber;
  const expired = String(socket.authorizationError) === 'CERT_HAS_EXPIRED';
  throw new ProblemError(expired ? 'certificate.expired' : 'certificate.unknown');
}
