import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';

const nonceBytes = 12;
const tagBytes = 16;

/** Seals small secrets at rest with AES-256-GCM. `context` binds a box to its row, so that boxes cannot be swapped. */
export interface SecretBox {
  seal(secret: string, context: string): Uint8Array;
  /** throws when the box was made with another key or context, or was changed */
  open(box: Uint8Array, context: string): string;
}

/** `bytes`: the key, 32 of them. A box is nonce, tag and ciphertext in this order. */
export function createSecretBox(bytes: Buffer): SecretBox {
  const key = createSecretKey(bytes);
  return {
    seal(secret, context) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
    },
    open(box, context) {
      const whole = Buffer.from(box);
      const decipher = createDecipheriv('aes-256-gcm', key, whole.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      })
        .setAAD(Buffer.from(context))
        .setAuthTag(whole.subarray(nonceBytes, nonceBytes + tagBytes));
      return Buffer.concat([
        decipher.update(whole.subarray(nonceBytes + tagBytes)),
        decipher.final(),
      ]).toString('utf8');
    },
  };
}
