import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { checkCredential, instanceOf } from '../credential.ts';
import { makeKey } from '../key.ts';
import { hostLeaf } from '../leaf.ts';
import { certificateRequest } from '../request.ts';
import { issueCertificate, issueKeyPair, makeAuthority } from './authority.ts';
import { BadRequest, readRequest } from './read-request.ts';

const hour = 3_600_000;

test('a host’s certificate names the instance, and serves for both ends of TLS', async () => {
  const authority = await makeAuthority();
  const key = await makeKey();
  const { publicKey } = await readRequest(certificateRequest(key, 'whatever it likes to be called'));
  const leaf = hostLeaf('a1b2-c3', Date.now() + hour);
  const { certificate, serial } = await issueCertificate(authority, publicKey, leaf);
  const parsed = new X509Certificate(certificate);
  expect(instanceOf(certificate)).toBe('a1b2-c3');
  expect(parsed.subjectAltName).toBe('DNS:a1b2-c3');
  expect(parsed.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  expect(parsed.serialNumber).toBe(serial);
  expect(parsed.ca).toBe(false);
  expect(parsed.checkIssued(new X509Certificate(authority.certificate))).toBe(true);
  checkCredential({ key, certificate, authorities: [authority.certificate] });
});

test('two authorities have two names, and neither vouches for what the other issued', async () => {
  const [one, two] = [await makeAuthority(), await makeAuthority()];
  const subjects = [one, two].map(({ certificate }) => new X509Certificate(certificate).subject);
  expect(subjects[0]).not.toBe(subjects[1]);
  const { certificate, key } = await issueKeyPair(one, hostLeaf('a', Date.now() + hour));
  expect(() => checkCredential({ key, certificate, authorities: [two.certificate] })).toThrow(/signed/);
  checkCredential({ key, certificate, authorities: [two.certificate, one.certificate] });
});

test('a credential that does not fit together is refused, with the reason', async () => {
  const authority = await makeAuthority();
  const authorities = [authority.certificate];
  const good = await issueKeyPair(authority, hostLeaf('a', Date.now() + hour));
  const late = await issueKeyPair(authority, hostLeaf('a', Date.now() - 1));
  expect(() => checkCredential({ ...good, key: late.key, authorities })).toThrow(/another key/);
  expect(() => checkCredential({ ...late, authorities })).toThrow(/expired/);
  expect(() => checkCredential({ ...good, authorities }, Date.now() - 2 * hour)).toThrow(/not valid yet/);
  expect(() => checkCredential({ ...good, authorities: [good.certificate] })).toThrow(/no authority/);
});

test.each([
  ['nothing', ''],
  ['a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
  ['rubbish', '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n'],
])('%s is no request', async (_what, text) => {
  await expect(readRequest(text)).rejects.toBeInstanceOf(BadRequest);
});

test('a request that was changed, or of another kind of key, is refused', async () => {
  const text = certificateRequest(await makeKey());
  const der = Buffer.from(text.replace(/-----[A-Z ]+-----/g, ''), 'base64');
  der[der.indexOf('moru-agent')] = 0x4d;
  const pem = (body: Buffer) =>
    `-----BEGIN CERTIFICATE REQUEST-----\n${body.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
  await expect(readRequest(pem(der))).rejects.toThrow(/signature/);
  await expect(readRequest(rsaRequest)).rejects.toThrow(/P-256/);
});

/** openssl req -new -newkey rsa:1024 -nodes -subj /CN=a */
const rsaRequest = `-----BEGIN CERTIFICATE REQUEST-----
MIIBSzCBtQIBADAMMQowCAYDVQQDDAFhMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCB
iQKBgQDJo6fPtn8YPgip60sFwdjwHrpNh7mzWepUJV9uRHVI8AAti1gSagh9BAQU
C05vcpYUzWP6VdomFX5mjannquFgHLER039/bhUHeaonM8wlsH+7nY5TGGNsh3wN
5AtGmbkFZaanF1tfPtLuqpJ8eul9OV3+0QEzl1SRr2HbcBcmhQIDAQABoAAwDQYJ
KoZIhvcNAQELBQADgYEAM4hA7Z+s2x5xxt81IGS2oJlnSSpimj4ma3j9rTvEKTlV
6o+1/4gZuYKg/biGBccE6nhD0lufRw2sLnXod8Id+obPTbMUUZ+NWaDAB6pqqw0D
AtixpAyvHDCe9m1gdVHGluCunATZ0kvmiH/nnyApanJvmByZKN722p5WhUxBCrI=
-----END CERTIFICATE REQUEST-----
`;
