import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { EnrolmentFailure } from './failure.ts';

/** What makes a host known to its console: its key, the certificate for it, and the authorities that it believes. */
export interface Credential {
  /** PKCS#8 PEM */
  key: string;
  /** PEM; its subject is the instance's id */
  certificate: string;
  /** PEM, one certificate each: one, or two during a rotation */
  authorities: string[];
}

/** As one text, so that one rename puts all of it in place: the key, the host's certificate, the authorities. */
export function printCredential({ key, certificate, authorities }: Credential): string {
  return [key, certificate, ...authorities].map((block) => `${block.trim()}\n`).join('');
}

const blocks = /-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----\n?/g;

/** Reads what `printCredential` wrote; throws an Error that says what is missing. */
export function parseCredential(text: string): Credential {
  const found = [...text.matchAll(blocks)].map(([pem, label]) => ({ pem, label }));
  const key = found.find(({ label }) => label === 'PRIVATE KEY')?.pem;
  const [certificate, ...authorities] = found.flatMap(({ pem, label }) =>
    label === 'CERTIFICATE' ? pem : [],
  );
  if (!key) throw new Error('no private key');
  if (!certificate || authorities.length === 0) throw new Error('no certificate, or none of its authority');
  return { key, certificate, authorities };
}

/** SHA-256 (hex) of a certificate's DER. */
export function fingerprintOf(certificate: string): string {
  return createHash('sha256').update(new X509Certificate(certificate).raw).digest('hex');
}

/** The instance that a certificate was issued for: the common name of its subject. */
export function instanceOf(certificate: string): string {
  return /^CN=(.+)$/m.exec(new X509Certificate(certificate).subject)?.[1] ?? '';
}

/** Throws `badCertificate` unless key, certificate and authorities belong together and the certificate is valid now. */
export function checkCredential({ key, certificate, authorities }: Credential, now = Date.now()): void {
  const refuse = (why: string): never => {
    throw new EnrolmentFailure('badCertificate', `The certificate that was issued is not usable: ${why}.`);
  };
  const leaf = new X509Certificate(certificate);
  if (!leaf.checkPrivateKey(createPrivateKey(key))) refuse('it is for another key');
  const issuers = authorities.map((each) => new X509Certificate(each));
  if (!issuers.every((issuer) => issuer.ca)) refuse('what came with it is no authority');
  if (!issuers.some((issuer) => leaf.verify(issuer.publicKey))) refuse('none of its authorities signed it');
  if (instanceOf(certificate) === '') refuse('it names no instance');
  if (Date.parse(leaf.validTo) <= now) refuse(`it has expired (${leaf.validTo})`);
  if (Date.parse(leaf.validFrom) > now) refuse(`it is not valid yet (${leaf.validFrom})`);
}
