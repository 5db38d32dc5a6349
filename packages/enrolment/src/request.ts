import { createPrivateKey, createPublicKey, sign } from 'node:crypto';

/**
 * A certificate request (PKCS#10, RFC 2986) for a P-256 key, PEM: version, subject, key, no attributes, ECDSA with
 * SHA-256. Node has no function for it; a library that has one costs the agent 14 MB of memory and 350 kB of code
 * for this one fixed structure. The server reads it with such a library, and so do the tests.
 */
export function certificateRequest(privateKey: string, commonName = 'moru-agent'): string {
  const key = createPrivateKey(privateKey);
  const info = sequence(
    Buffer.from([0x02, 0x01, 0x00]),
    sequence(element(0x31, sequence(commonNameId, element(0x0c, Buffer.from(commonName))))),
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    element(0xa0),
  );
  const signature = sign('sha256', info, key);
  const request = sequence(info, sequence(ecdsaWithSha256), element(0x03, Buffer.from([0]), signature));
  const lines = request.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE REQUEST-----\n${lines.join('\n')}\n-----END CERTIFICATE REQUEST-----\n`;
}

/** Object identifiers as DER: 2.5.4.3 (X.520) and 1.2.840.10045.4.3.2 (RFC 5758). */
const commonNameId = Buffer.from('0603550403', 'hex');
const ecdsaWithSha256 = Buffer.from('06082a8648ce3d040302', 'hex');

const sequence = (...parts: Buffer[]) => element(0x30, ...parts);

/** A DER element: tag, length, content (X.690). */
function element(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content), content]);
}

function lengthOf({ length }: Buffer): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  if (length < 0x100) return Buffer.from([0x81, length]);
  return Buffer.from([0x82, length >> 8, length & 0xff]);
}
