import 'reflect-metadata'; // @peculiar/x509 resolves its algorithms by it
import { randomBytes, type webcrypto } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 86_400_000;
const authorityLifeMs = 10 * 365 * dayMs;
/** renewed at each start of an installation, so it only has to outlive one run */
const leafLifeMs = 365 * dayMs;

/** A certificate and its private key, both PEM. */
export interface Credential {
  certificate: string;
  key: string;
}

/** The certificate authority of one installation, kept in a folder as ca.pem and ca.key. */
export interface Authority {
  /** the authority's own certificate, PEM */
  certificate: string;
  issue(leaf: { commonName: string; dnsName?: string; usage: 'server' | 'client' }): Promise<Credential>;
}

/** Opens the authority of a folder; makes it when the folder has none. */
export async function openAuthority(folder: string): Promise<Authority> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const credential = (await readCredential(folder)) ?? (await createAuthority(folder));
  const certificate = new X509Certificate(credential.certificate);
  const signingKey = await crypto.subtle.importKey('pkcs8', pemBody(credential.key), algorithm, false, [
    'sign',
  ]);

  return {
    certificate: credential.certificate,
    async issue({ commonName, dnsName, usage }) {
      const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
      const now = Date.now();
      const leaf = await X509CertificateGenerator.create({
        serialNumber: serialNumber(),
        subject: `CN=${commonName}`,
        issuer: certificate.subject,
        notBefore: new Date(now - dayMs),
        notAfter: new Date(now + leafLifeMs),
        publicKey: keys.publicKey,
        signingKey,
        signingAlgorithm: algorithm,
        extensions: [
          new BasicConstraintsExtension(false, undefined, true),
          new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
          new ExtendedKeyUsageExtension([
            usage === 'server' ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth,
          ]),
          ...(dnsName ? [new SubjectAlternativeNameExtension([{ type: 'dns', value: dnsName }])] : []),
        ],
      });
      return { certificate: leaf.toString('pem'), key: await exportKey(keys.privateKey) };
    },
  };
}

async function createAuthority(folder: string): Promise<Credential> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const now = Date.now();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: 'CN=Moru installation CA',
    notBefore: new Date(now - dayMs),
    notAfter: new Date(now + authorityLifeMs),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  const credential = { certificate: certificate.toString('pem'), key: await exportKey(keys.privateKey) };
  // key first: a folder with a certificate always has its key
  await writeFile(join(folder, 'ca.key'), credential.key, { mode: 0o600 });
  await writeFile(join(folder, 'ca.pem'), credential.certificate);
  return credential;
}

async function readCredential(folder: string): Promise<Credential | undefined> {
  try {
    return {
      certificate: await readFile(join(folder, 'ca.pem'), 'utf8'),
      key: await readFile(join(folder, 'ca.key'), 'utf8'),
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** 127 random bits: positive, as RFC 5280 asks. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return bytes.toString('hex');
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const body = Buffer.from(await crypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${(body.match(/.{1,64}/g) ?? []).join('\n')}\n-----END PRIVATE KEY-----\n`;
}

function pemBody(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[A-Z ]+-----/g, ''), 'base64');
}
