import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { Pkcs10CertificateRequest } from '@peculiar/x509';
import { expect, test } from 'vitest';
import { keyFingerprint, makeKey } from './key.ts';
import { certificateRequest } from './request.ts';

const openssl = (args: string[], input: string) =>
  execFileSync('openssl', args, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });

test.each(['moru-agent', 'h', '모루'.repeat(20), 'x'.repeat(64)])(
  'OpenSSL and the server’s library read the request of %j and accept its signature',
  async (name) => {
    const key = await makeKey();
    const text = certificateRequest(key, name);
    expect(openssl(['req', '-verify', '-noout', '-subject', '-nameopt', 'utf8'], text)).toContain(name);
    const parsed = new Pkcs10CertificateRequest(text);
    expect(await parsed.verify()).toBe(true);
    const spki = Buffer.from(parsed.publicKey.rawData);
    expect(createHash('sha256').update(spki).digest('hex')).toBe(keyFingerprint(key));
  },
);

test('the fingerprint is that of OpenSSL', async () => {
  const key = await makeKey();
  const spki = execFileSync('openssl', ['pkey', '-pubout', '-outform', 'DER'], { input: key });
  expect(keyFingerprint(key)).toBe(createHash('sha256').update(spki).digest('hex'));
});
