import { z } from 'zod';
import { pageSchema } from './page.ts';

/** `intent` before a change, then what came of it; `refused` stands alone. */
export const auditPhaseSchema = z.enum(['intent', 'succeeded', 'failed', 'unknown', 'refused']);

/** One line of the activity log. A mutation leaves two: `intent` before, an outcome after, joined by `operationId`. */
export const auditRecordSchema = z.object({
  seq: z.int(),
  at: z.iso.datetime(),
  operationId: z.string(),
  requestId: z.string(),
  phase: auditPhaseSchema,
  actor: z.object({ id: z.string(), name: z.string(), role: z.string(), address: z.string() }),
  action: z.string(),
  target: z.object({ type: z.string(), id: z.string(), name: z.string().nullable() }),
  /** what was asked, or what came of it; never a secret */
  detail: z.record(z.string(), z.unknown()),
});
export type AuditRecord = z.infer<typeof auditRecordSchema>;

/** Which records are meant; the same object is the search part of the screen's address. */
export const auditQuerySchema = z.object({
  /** text in the actor, target, detail, action or request id; case does not matter */
  q: z.string().trim().max(200).optional(),
  /** an action or the beginning of one: `publicIp.` */
  action: z.string().max(64).optional(),
  phase: auditPhaseSchema.optional(),
  /** id of the target */
  target: z.string().max(300).optional(),
  operation: z.string().max(64).optional(),
  /** `1`: without intents whose outcome is recorded, so that each change stands there once */
  outcomes: z.literal('1').optional(),
  /** not before this time */
  from: z.iso.datetime().optional(),
  /** before this time */
  to: z.iso.datetime().optional(),
});
export type AuditQuery = z.infer<typeof auditQuerySchema>;

export const auditListSchema = z.object({ records: z.array(auditRecordSchema), page: pageSchema });
export type AuditList = z.infer<typeof auditListSchema>;

/** What following the chain of the whole log has shown. */
export const auditVerdictSchema = z.object({
  records: z.int(),
  /** the first record that is wrong or missing; null when the log is whole */
  broken: z.int().nullable(),
  /** records that tell of a loss before them */
  gaps: z.array(z.int()),
  head: z.object({ seq: z.int(), hash: z.string() }),
});
export type AuditVerdict = z.infer<typeof auditVerdictSchema>;
