import { z } from 'zod';
import { fingerprintSchema } from './enrolment.ts';
import { pageSchema } from './page.ts';

/**
 * - `notEnrolled`: no agent of this instance has a certificate
 * - `waiting`: an agent has asked for one, and somebody has to compare its fingerprint
 * - `enrolled`; `revoked` by somebody; `expired` while the host was away: both need a new enrolment on the host
 */
export const hostStateSchema = z.enum(['notEnrolled', 'waiting', 'enrolled', 'revoked', 'expired']);
export type HostState = z.infer<typeof hostStateSchema>;

/** Who may decide that a host with a valid token gets its certificate: a person who compares, or the token itself. */
export const approvalSchema = z.enum(['fingerprint', 'automatic']);
export type Approval = z.infer<typeof approvalSchema>;

/** A join token that can still be used. The token itself was shown once, when it was made. */
export const openTokenSchema = z.object({
  id: z.string(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  expiresAt: z.iso.datetime(),
  approval: approvalSchema,
});
export type OpenToken = z.infer<typeof openTokenSchema>;

/** An agent's request for a certificate: everything but `fingerprint` and `requestedAt` is its own claim or a hint. */
export const waitingHostSchema = z.object({
  /** of the key that the host made; to be compared with what the host itself shows */
  fingerprint: fingerprintSchema,
  requestedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  hostname: z.string(),
  agent: z.string(),
  /** where the request came from, and whether that is an address of the instance */
  address: z.string(),
  addressMatches: z.boolean().nullable(),
});
export type WaitingHost = z.infer<typeof waitingHostSchema>;

export const hostSchema = z.object({
  instanceId: z.string(),
  name: z.string().nullable(),
  /** null when the cloud has no such instance any more */
  instanceStatus: z.string().nullable(),
  /** where the agent is asked: the cloud's address of the primary network interface, never the agent's own word */
  address: z.string().nullable(),
  state: hostStateSchema,
  /** also beside a host that is enrolled: an agent there asks anew */
  waiting: waitingHostSchema.nullable(),
  /** the newest one; null where there never was one */
  certificate: z
    .object({
      serial: z.string(),
      /** of the key that it certifies */
      fingerprint: fingerprintSchema,
      issuedAt: z.iso.datetime(),
      expiresAt: z.iso.datetime(),
      /** fingerprint of the authority that issued it */
      authority: fingerprintSchema,
    })
    .nullable(),
  agent: z.object({ version: z.string(), api: z.int() }).nullable(),
  lastContact: z.iso.datetime().nullable(),
  /** an enrolled host of which nothing was heard for three of its check-ins */
  stale: z.boolean(),
  tokens: z.array(openTokenSchema),
  /** who enrolled or revoked it, and when */
  decision: z.object({ by: z.string(), at: z.iso.datetime() }).nullable(),
});
export type Host = z.infer<typeof hostSchema>;

export const hostListQuerySchema = z.object({
  /** text that name, id or address contains; case does not matter */
  q: z.string().trim().max(200).optional(),
  state: hostStateSchema.optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
  offset: z.coerce.number().int().min(0).optional(),
});
export type HostListQuery = z.infer<typeof hostListQuerySchema>;

export const hostListSchema = z.object({
  hosts: z.array(hostSchema),
  page: pageSchema,
  /** how many hosts of the project are in each state, whatever the query */
  counts: z.record(hostStateSchema, z.int()),
  enrolment: z.object({
    /** false: this installation has no listener at which hosts could enrol */
    available: z.boolean(),
    /** whether a token may approve by itself */
    automatic: z.boolean(),
  }),
  readAt: z.iso.datetime(),
});
export type HostList = z.infer<typeof hostListSchema>;

export const tokenRequestSchema = z.strictObject({
  /** how long it can be used */
  minutes: z.int().min(1).max(60).default(30),
  approval: approvalSchema.default('fingerprint'),
});
export type TokenRequest = z.infer<typeof tokenRequestSchema>;

export const issuedTokenSchema = openTokenSchema.extend({
  /** shown this once */
  token: z.string(),
  /** fingerprint of the installation's authority, which the host shows before it sends anything */
  authority: fingerprintSchema,
  /** where the host enrols: https://HOST:PORT */
  server: z.string(),
  /** null where the image brings the agent */
  installCommand: z.string().nullable(),
  enrolCommand: z.string(),
});
export type IssuedToken = z.infer<typeof issuedTokenSchema>;

/** The fingerprint that was compared: a decision is about that key and no other. */
export const decisionRequestSchema = z.strictObject({ fingerprint: fingerprintSchema });

/**
 * A change of the installation's authority goes through these, in order:
 * - `introduced`: hosts come to believe the new authority beside the old one
 * - `reissuing`: certificates are issued by the new one, and hosts renew theirs
 * - `done`: the old one is believed no more
 * `cancelled` leads back from `introduced`.
 */
export const rotationPhaseSchema = z.enum(['introduced', 'reissuing', 'done', 'cancelled']);
export type RotationPhase = z.infer<typeof rotationPhaseSchema>;

export const authorityViewSchema = z.object({
  /** of the authority that issues certificates now */
  fingerprint: fingerprintSchema,
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  rotation: z
    .object({
      phase: z.enum(['introduced', 'reissuing']),
      /** of the one that is coming, or of the one that is going */
      other: fingerprintSchema,
      /** hosts that count, and how many of them are ready for the next phase */
      hosts: z.object({ total: z.int(), ready: z.int() }),
      /** hosts of this project that are not, the first 50 */
      waitingFor: z.array(z.object({ instanceId: z.string(), name: z.string().nullable() })),
      /** open join tokens that name the authority that is going */
      tokens: z.int(),
      /** earliest time of the next phase: the console's own processes follow within seconds */
      settledAt: z.iso.datetime(),
      mayContinue: z.boolean(),
    })
    .nullable(),
  /** of the latest rotation, oldest first */
  steps: z.array(z.object({ phase: rotationPhaseSchema, at: z.iso.datetime(), by: z.string() })),
});
export type AuthorityView = z.infer<typeof authorityViewSchema>;

export const rotationRequestSchema = z.strictObject({
  to: rotationPhaseSchema,
  /** the authority that issued when this was decided: somebody else may have gone on meanwhile */
  authority: fingerprintSchema,
});
export type RotationRequest = z.infer<typeof rotationRequestSchema>;
