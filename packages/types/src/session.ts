import { z } from 'zod';

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
});
export type Session = z.infer<typeof sessionSchema>;

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
});
export type Installation = z.infer<typeof installationSchema>;
