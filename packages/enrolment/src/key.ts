import { createHash, createPrivateKey, createPublicKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

const generate = promisify(generateKeyPair);

/** A fresh P-256 private key, PKCS#8 PEM. It is made where it is used and never leaves. */
export async function makeKey(): Promise<string> {
  const { privateKey } = await generate('ec', { namedCurve: 'prime256v1' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** SHA-256 (hex) of the public half, as it stands in a certificate: what an administrator compares. */
export function keyFingerprint(privateKey: string): string {
  const spki = createPublicKey(createPrivateKey(privateKey)).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('hex');
}
