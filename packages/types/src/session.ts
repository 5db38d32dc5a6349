import { z } from 'zod';
import { preferencesSchema } from './preferences.ts';

/** Project roles of KakaoCloud (reference/kakaocloud.md A.9), highest first. */
export const roleSchema = z.enum(['admin', 'member', 'reader']);
export type Role = z.infer<typeof roleSchema>;

/** An IAM application credential: the id and the secret of an access key. */
export const accessKeySchema = z.strictObject({
  accessKeyId: z.string().trim().min(1).max(128),
  secret: z.string().min(1).max(256),
});

/** Sign-in: by access key, or as one of the seeded accounts of an embedded installation. */
export const signInSchema = z.union([accessKeySchema, z.strictObject({ seededAccount: z.string().max(64) })]);
export type SignIn = z.infer<typeof signInSchema>;

export const sessionSchema = z.object({
  user: z.object({ id: z.string(), name: z.string() }),
  project: z.object({ id: z.string(), name: z.string() }),
  role: roleSchema,
  region: z.string(),
  /** when the IAM token, and the session with it, ends */
  expiresAt: z.iso.datetime(),
  /** of the user, in every project */
  preferences: preferencesSchema,
});
export type Session = z.infer<typeof sessionSchema>;

/** Longest life of an API token, hours: that of the IAM token behind it (reference/kakaocloud.md A). */
export const apiTokenHours = { least: 1, most: 12 } as const;

const apiTokenScopeSchema = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(40)
    // it stands in the activity log and beside rules on hosts
    .regex(/^[\p{L}\p{N} ._-]+$/u),
  /** may also do what cannot be taken back: delete, rebuild, give up addresses */
  irrevocable: z.boolean(),
});

/** A token for a program. The maker's key is proven once more, and gives the token an IAM token of its own. */
export const createApiTokenSchema = z.strictObject({
  ...apiTokenScopeSchema.shape,
  /** at most the maker's own */
  role: roleSchema,
  hours: z.int().min(apiTokenHours.least).max(apiTokenHours.most),
  key: signInSchema,
});
export type CreateApiToken = z.infer<typeof createApiTokenSchema>;

/** The only time that the token is shown. */
export const issuedApiTokenSchema = z.object({
  token: z.string(),
  name: z.string(),
  role: roleSchema,
  expiresAt: z.iso.datetime(),
});
export type IssuedApiToken = z.infer<typeof issuedApiTokenSchema>;

/** One of a person's own sessions, as its list shows it. */
export const ownSessionSchema = z.object({
  /** names the session in this list; it is not what the cookie carries */
  id: z.string().regex(/^[0-9a-f]{16}$/),
  /** the one that asks */
  current: z.boolean(),
  project: z.object({ id: z.string(), name: z.string() }),
  role: roleSchema,
  /** browser and system by their own names, a hint that the client could have forged; null where it gave none */
  device: z.string().nullable(),
  /** set where a program acts with an API token, and not a browser */
  apiToken: apiTokenScopeSchema.nullable(),
  /** where it signed in from; null for a session that began before this was noted */
  address: z.string().nullable(),
  createdAt: z.iso.datetime(),
  /** to the minute; what a page asks for by itself is no use */
  usedAt: z.iso.datetime(),
  /** with its token, or an hour after a browser's last use where that comes first */
  endsAt: z.iso.datetime(),
});
export type OwnSession = z.infer<typeof ownSessionSchema>;

/** Newest use first, at most 100. */
export const ownSessionListSchema = z.object({
  sessions: z.array(ownSessionSchema),
  readAt: z.iso.datetime(),
});
export type OwnSessionList = z.infer<typeof ownSessionListSchema>;

/** What a visitor may know before signing in. */
export const installationSchema = z.object({
  name: z.string(),
  version: z.string(),
  /** the cloud that ships with Moru stands behind, not KakaoCloud */
  embedded: z.boolean(),
  hosts: z.enum(['namespaces', 'machines', 'simulated', 'real']),
  /** why hosts are simulated, in the driver's words; absent otherwise */
  hostsReason: z.string().optional(),
  seededAccounts: z.array(z.object({ id: z.string(), name: z.string(), role: roleSchema })),
  /** of one address; `currency` as in ISO 4217; absent where none is configured */
  publicIpPrice: z.object({ perHour: z.number(), currency: z.string() }).optional(),
});
export type Installation = z.infer<typeof installationSchema>;
