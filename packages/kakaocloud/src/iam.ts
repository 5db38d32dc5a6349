import { z } from 'zod';
import { orEmpty, orNull, timeSchema, utcTimeSchema } from './fields.ts';

const secret = z.string().min(1).max(256);
const name = z.string().min(1).max(128);

/** An access key, named by its own id or by its name and its owner (reference/kakaocloud.md C.1). */
export const applicationCredentialSchema = z.union([
  z.object({ id: name, secret }),
  z.object({ name, secret, user: z.object({ id: name }) }),
]);
export type ApplicationCredential = z.infer<typeof applicationCredentialSchema>;

/** Body of `POST /identity/v3/auth/tokens`. Keys beyond these (`scope` …) are let pass, as Keystone does. */
export const issueTokenSchema = z.object({
  auth: z.object({
    identity: z.object({
      methods: z.tuple([z.literal('application_credential')]),
      application_credential: applicationCredentialSchema,
    }),
  }),
});
export type IssueToken = z.infer<typeof issueTokenSchema>;

const named = z.object({ id: z.string(), name: z.string() });

/** A token's content. The token itself travels in the header `X-Subject-Token`, never in a body. */
export const tokenSchema = z.object({
  methods: orEmpty(z.string()),
  user: named.extend({ domain: orNull(named), password_expires_at: orNull(timeSchema) }),
  project: named.extend({ domain: orNull(named) }),
  /** names as the project knows them; the embedded cloud writes admin, member or reader */
  roles: orEmpty(named),
  is_domain: orNull(z.boolean()),
  audit_ids: orEmpty(z.string()),
  catalog: orEmpty(z.unknown()),
  issued_at: orNull(timeSchema),
  /** the provider fails without it */
  expires_at: timeSchema,
  application_credential: orNull(
    z.object({ id: z.string(), name: orNull(z.string()), restricted: orNull(z.boolean()) }),
  ),
});
export type Token = z.infer<typeof tokenSchema>;

/** Answer to the issue (201) and to the check (200) of a token. */
export const tokenAnswerSchema = z.object({ token: tokenSchema });

const strictNamed = z.strictObject(named.shape);

export const strictTokenAnswerSchema = z.strictObject({
  token: z.strictObject({
    ...tokenSchema.shape,
    methods: z.array(z.literal('application_credential')).length(1),
    user: z.strictObject({ ...named.shape, domain: strictNamed, password_expires_at: z.null() }),
    project: z.strictObject({ ...named.shape, domain: strictNamed }),
    roles: z.array(strictNamed).min(1),
    is_domain: z.literal(false),
    issued_at: utcTimeSchema,
    expires_at: utcTimeSchema,
    application_credential: z.strictObject({
      id: z.string(),
      name: z.string(),
      restricted: z.boolean(),
    }),
  }),
});
export type StrictTokenAnswer = z.infer<typeof strictTokenAnswerSchema>;
