import { z } from 'zod';

/** Port of the listener at which hosts enrol, check in and renew. */
export const enrolmentPort = 7444;

/** Paths of that listener (HTTPS by the installation's own authority). Failures are problem documents. */
export const enrolmentPaths = {
  /** what the server's certificate is judged by; all that is answered before anybody has been verified */
  authorities: '/v1/authorities',
  /** join token and certificate request in; asked again with both until the certificate is there */
  enrolments: '/v1/enrolments',
  /** by the present certificate: what to believe now, and whether to renew */
  checkIn: '/v1/check-in',
  renewals: '/v1/renewals',
} as const;

/** SHA-256 as hex: of an authority's certificate (DER), or of a host's public key (SubjectPublicKeyInfo, DER). */
export const fingerprintSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** A fingerprint as two people compare it, in groups of four. */
export function printFingerprint(fingerprint: string): string {
  return (fingerprint.match(/.{1,4}/g) ?? []).join(' ');
}

/** The parts of a join token: which one, what proves it, and by which authority the server is to be verified. */
export interface JoinToken {
  id: string;
  secret: string;
  /** SHA-256 (hex) of the certificate of the installation's authority */
  authority: string;
}

const tokenPattern = /^moru1\.([A-Za-z0-9_-]{11})\.([A-Za-z0-9_-]{32})\.([0-9a-f]{64})$/;

export function printJoinToken({ id, secret, authority }: JoinToken): string {
  return `moru1.${id}.${secret}.${authority}`;
}

/** Null for a text that is no whole token. */
export function parseJoinToken(text: string): JoinToken | null {
  const [, id, secret, authority] = tokenPattern.exec(text.trim()) ?? [];
  return id && secret && authority ? { id, secret, authority } : null;
}

/**
 * The name that the listener's certificate carries, whatever address it is reached at. It names the authority, so
 * that during a rotation a host that knows one of two is shown the certificate that it can verify.
 */
export function enrolmentServerName(authority: string): string {
  return `${authority.slice(0, 32)}.enrolment.moru`;
}

/** What first boot leaves in the agent's state folder as `join.json`: the installation's address and a token. */
export const joinFileSchema = z.strictObject({ server: z.url({ protocol: /^https$/ }), token: z.string() });
export type JoinFile = z.infer<typeof joinFileSchema>;

/** One certificate or certificate request, PEM. */
const pemSchema = z.string().max(4_096);
const authoritiesSchema = z.array(pemSchema).min(1).max(4);

export const authoritiesAnswerSchema = z.object({
  authorities: authoritiesSchema,
  /** the server's clock: an agent whose own clock is far off says so instead of calling a certificate bad */
  time: z.iso.datetime(),
});

/** An agent's version as a person reads it. */
const agentVersionText = z.string().regex(/^[\w.+~-]{1,64}$/);

export const enrolmentRequestSchema = z.strictObject({
  token: z.string().max(200),
  /** PKCS#10 (RFC 2986), signed by the key that the host has made; its subject is not looked at */
  request: pemSchema,
  agent: agentVersionText,
  /** what the host calls itself: shown beside the fingerprint, believed by nobody */
  hostname: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/),
});
export type EnrolmentRequest = z.infer<typeof enrolmentRequestSchema>;

export const enrolmentAnswerSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('waiting'),
    /** of the key in the request, as an administrator sees it */
    fingerprint: fingerprintSchema,
    againSeconds: z.number().positive(),
  }),
  z.object({
    state: z.literal('issued'),
    certificate: pemSchema,
    authorities: authoritiesSchema,
  }),
]);
export type EnrolmentAnswer = z.infer<typeof enrolmentAnswerSchema>;

export const checkInRequestSchema = z.strictObject({
  agent: agentVersionText,
  api: z.int().min(1),
  /** fingerprints of the authorities that the host believes now */
  authorities: z.array(fingerprintSchema).min(1).max(4),
});
export type CheckInRequest = z.infer<typeof checkInRequestSchema>;

export const checkInAnswerSchema = z.object({
  authorities: authoritiesSchema,
  /** the certificate is to be renewed now, whatever its age */
  renew: z.boolean(),
  againSeconds: z.number().positive(),
});
export type CheckInAnswer = z.infer<typeof checkInAnswerSchema>;

export const renewalRequestSchema = z.strictObject({ request: pemSchema });

export const renewalAnswerSchema = z.object({ certificate: pemSchema, authorities: authoritiesSchema });
