import { z } from 'zod';
import { pageSchema } from './page.ts';

/** One line of the activity log. A mutation leaves two: `intent` before, an outcome after, joined by `operationId`. */
export const auditRecordSchema = z.object({
  seq: z.int(),
  at: z.iso.datetime(),
  operationId: z.string(),
  requestId: z.string(),
  phase: z.enum(['intent', 'succeeded', 'failed', 'unknown', 'refused']),
  actor: z.object({ id: z.string(), name: z.string(), role: z.string(), address: z.string() }),
  action: z.string(),
  target: z.object({ type: z.string(), id: z.string(), name: z.string().nullable() }),
  /** what was asked, or what came of it; never a secret */
  detail: z.record(z.string(), z.unknown()),
});
export type AuditRecord = z.infer<typeof auditRecordSchema>;

export const auditListSchema = z.object({ records: z.array(auditRecordSchema), page: pageSchema });
export type AuditList = z.infer<typeof auditListSchema>;
