import { z } from 'zod';
import { orEmpty, orNull, timeSchema, utcTimeSchema, uuidSchema } from './fields.ts';
import { paginationSchema } from './lists.ts';

/** A key pair (reference/kakaocloud.md C.4). The private key is in the answer that makes it, and never again. */
export const keyPairSchema = z.object({
  id: z.string(),
  name: orNull(z.string()),
  user_id: orNull(z.string()),
  fingerprint: orNull(z.string()),
  public_key: orNull(z.string()),
  type: orNull(z.string()),
  created_at: orNull(timeSchema),
});
export type KeyPair = z.infer<typeof keyPairSchema>;

export const keyPairListAnswerSchema = z.object({
  keypairs: orEmpty(keyPairSchema),
  pagination: paginationSchema,
});

/** What creating answers; the SDK requires all but the private key. */
export const createdKeyPairAnswerSchema = z.object({
  keypair: z.object({
    name: z.string(),
    user_id: z.string(),
    fingerprint: z.string(),
    public_key: z.string(),
    private_key: orNull(z.string()),
    type: z.string(),
    created_at: orNull(timeSchema),
  }),
});

export const strictKeyPairSchema = z.strictObject({
  id: uuidSchema,
  name: z.string(),
  user_id: z.string(),
  fingerprint: z.string().regex(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/),
  public_key: z.string(),
  type: z.literal('ssh'),
  created_at: utcTimeSchema,
});
export type StrictKeyPair = z.infer<typeof strictKeyPairSchema>;

export const strictKeyPairAnswerSchema = z.strictObject({ keypair: strictKeyPairSchema });
export const strictKeyPairListAnswerSchema = z.strictObject({
  keypairs: z.array(strictKeyPairSchema),
  pagination: paginationSchema,
});
export const strictCreatedKeyPairAnswerSchema = z.strictObject({
  keypair: z.strictObject({ ...strictKeyPairSchema.shape, private_key: z.nullable(z.string()) }),
});

/** Body of `POST /api/v1/keypairs`. Without a public key the cloud makes the pair. */
export const createKeyPairSchema = z.object({
  keypair: z.object({
    // one segment of a path, and one word of a command line
    name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/, 'letters, digits, . _ and - only'),
    public_key: z.nullable(z.string().max(16_384)).optional(),
  }),
});
export type CreateKeyPair = z.infer<typeof createKeyPairSchema>['keypair'];
