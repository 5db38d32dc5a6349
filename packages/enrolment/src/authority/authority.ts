import 'reflect-metadata'; // @peculiar/x509 resolves its algorithms by it
import { randomBytes } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  type PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { makeKey } from '../key.ts';
import type { Leaf } from '../leaf.ts';
import { certificateRequest } from '../request.ts';
import { readRequest } from './read-request.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 86_400_000;
const authorityLifeMs = 10 * 365 * dayMs;

/** A host whose clock is behind by less than this can use what is issued now. */
export const backdateMs = 60 * 60_000;

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  certificate: string;
  key: string;
}

/**
 * Makes a certificate authority. Its name is its own: during a rotation there are two, and OpenSSL finds an issuer by
 * its name.
 */
export async function makeAuthority(now = Date.now()): Promise<KeyPair> {
  const key = await makeKey();
  const { publicKey } = await readRequest(certificateRequest(key));
  const signingKey = await importKey(key);
  const name = `CN=Moru authority ${randomBytes(4).toString('hex')}`;
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: name,
    issuer: name,
    notBefore: new Date(now - backdateMs),
    notAfter: new Date(now + authorityLifeMs),
    publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(publicKey),
    ],
  });
  return { certificate: certificate.toString('pem'), key };
}

/** Issues a certificate for a key that somebody else holds. Answers it as PEM, with its serial number (upper case hex). */
export async function issueCertificate(
  authority: KeyPair,
  publicKey: PublicKey,
  leaf: Leaf,
  now = Date.now(),
): Promise<{ certificate: string; serial: string }> {
  const issuer = new X509Certificate(authority.certificate);
  const usages = {
    server: ExtendedKeyUsage.serverAuth,
    client: ExtendedKeyUsage.clientAuth,
  };
  const serial = serialNumber();
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serial,
    // as a structure, so that nothing in a name is read as more of the name
    subject: [{ CN: [leaf.commonName] }],
    issuer: issuer.subject,
    notBefore: new Date(now - backdateMs),
    notAfter: new Date(leaf.expiresAt),
    publicKey,
    signingKey: await importKey(authority.key),
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension(leaf.usages.map((usage) => usages[usage])),
      await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ...(leaf.dnsName ? [new SubjectAlternativeNameExtension([{ type: 'dns', value: leaf.dnsName }])] : []),
    ],
  });
  return { certificate: certificate.toString('pem'), serial: serial.toUpperCase() };
}

/** Makes a key here and issues the certificate for it. */
export async function issueKeyPair(authority: KeyPair, leaf: Leaf, now = Date.now()): Promise<KeyPair> {
  const key = await makeKey();
  const { publicKey } = await readRequest(certificateRequest(key));
  const { certificate } = await issueCertificate(authority, publicKey, leaf, now);
  return { certificate, key };
}

/** 126 random bits below a fixed one: positive (RFC 5280), and of one length however it is printed. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function importKey(pem: string) {
  const der = Buffer.from(pem.replace(/-----[A-Z ]+-----/g, ''), 'base64');
  return crypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
}
