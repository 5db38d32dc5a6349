import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** What sshd(8) calls AUTHORIZED_KEYS: type, base64, comment. */
const linePattern =
  /^(ssh-rsa|ssh-ed25519|ecdsa-sha2-nistp(?:256|384|521)) ([A-Za-z0-9+/]+={0,2})(?: (\P{Cc}*))?$/u;

export interface MadeKeyPair {
  /** PEM, as `ssh -i` takes it */
  privateKey: string;
  publicKey: string;
}

/** A fresh ECDSA pair on P-256; which kind the real cloud makes is not documented. */
export function makeKeyPair(comment: string): MadeKeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    privateKey: privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
    publicKey: `ecdsa-sha2-nistp256 ${ecdsaBlob(publicKey).toString('base64')} ${comment}`,
  };
}

/** A public key's one line, tidied; null when it is none that an SSH server takes. */
export function readPublicKey(text: string): string | null {
  const match = linePattern.exec(text.trim());
  if (!match) return null;
  const [, type = '', base64 = '', comment = ''] = match;
  const blob = Buffer.from(base64, 'base64');
  // The blob names its own type (RFC 4253 section 6.6): a key cut short or pasted twice does not.
  if (blob.length < 4 + type.length || blob.readUInt32BE(0) !== type.length) return null;
  if (blob.subarray(4, 4 + type.length).toString() !== type || !isWhole(blob)) return null;
  return [type, base64, comment.trim()].filter(Boolean).join(' ');
}

/** MD5 of the key, as Nova and `ssh-keygen -E md5 -l` write it. */
export function fingerprintOf(publicKey: string): string {
  const blob = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
  return createHash('md5')
    .update(blob)
    .digest('hex')
    .replace(/..(?!$)/g, '$&:');
}

/** Whether the blob is strings one after the other, to its very end. */
function isWhole(blob: Buffer): boolean {
  let at = 0;
  let parts = 0;
  while (at + 4 <= blob.length) {
    at += 4 + blob.readUInt32BE(at);
    parts += 1;
  }
  return at === blob.length && parts >= 2;
}

/** RFC 5656 section 3.1: type, curve, and the point, uncompressed. */
function ecdsaBlob(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  return Buffer.concat([Buffer.from('ecdsa-sha2-nistp256'), Buffer.from('nistp256'), point].map(sshString));
}

function sshString(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
