import 'reflect-metadata'; // @peculiar/x509 resolves its algorithms by it
import { createHash } from 'node:crypto';
import { Pkcs10CertificateRequest, type PublicKey } from '@peculiar/x509';

/** A certificate request is not one, or its sender does not hold the key that it names. */
export class BadRequest extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BadRequest';
  }
}

export interface ReadRequest {
  publicKey: PublicKey;
  /** SHA-256 (hex) of the public key, as `keyFingerprint` has it */
  fingerprint: string;
}

/**
 * Reads a PKCS#10 request and verifies its signature, which proves that the sender holds the key. P-256 only: what
 * our hosts make. Subject and attributes are not looked at, since who a host is, its token says. Throws BadRequest.
 */
export async function readRequest(text: string): Promise<ReadRequest> {
  if (
    !/^-----BEGIN CERTIFICATE REQUEST-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE REQUEST-----\n?$/.test(text)
  ) {
    throw new BadRequest('not one certificate request in PEM');
  }
  try {
    const request = new Pkcs10CertificateRequest(text);
    const { algorithm } = request.publicKey;
    if (!('namedCurve' in algorithm) || algorithm.namedCurve !== 'P-256') {
      throw new BadRequest('the key is not of P-256');
    }
    if (!(await request.verify())) throw new BadRequest('the signature does not fit the key');
    const spki = Buffer.from(request.publicKey.rawData);
    return {
      publicKey: request.publicKey,
      fingerprint: createHash('sha256').update(spki).digest('hex'),
    };
  } catch (error) {
    if (error instanceof BadRequest) throw error;
    throw new BadRequest('the request cannot be read', { cause: error });
  }
}
