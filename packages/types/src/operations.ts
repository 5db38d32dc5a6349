import { z } from 'zod';
import { pageSchema } from './page.ts';
import { problemSchema } from './problem.ts';

/** What a person can set going that takes several steps or a while. */
export const operationKindSchema = z.enum([
  'publicIp.connect',
  'publicIp.move',
  'publicIp.disconnect',
  'publicIp.release',
  'instance.start',
  'instance.stop',
  'instance.hardReboot',
  'rollout.apply',
]);
export type OperationKind = z.infer<typeof operationKindSchema>;

/**
 * `running`: at it, or waiting for its turn after a crash. `halfDone`: stopped between two steps; it can be continued
 * or undone. `unknown`: a step may or may not have happened, and reading the state again did not tell; continuing
 * looks once more. `undone`: what was done has been taken back. Of roll-outs: `waiting` for its wave, `untouched` where
 * it never had its turn, `paused` until somebody has looked at the first host.
 */
export const operationStateSchema = z.enum([
  'running',
  'succeeded',
  'failed',
  'halfDone',
  'unknown',
  'undone',
  'waiting',
  'untouched',
  'paused',
]);
export type OperationState = z.infer<typeof operationStateSchema>;

export const operationStepSchema = z.object({
  /** of the kind: `detach`, `attach`, `delete`, `settle`, `order`, `try`, `prove`, `keep`; with `undo.` before it where it takes one back */
  name: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'unknown', 'skipped']),
  at: z.iso.datetime().nullable(),
});
export type OperationStep = z.infer<typeof operationStepSchema>;

export const operationSchema = z.object({
  id: z.string(),
  kind: operationKindSchema,
  state: operationStateSchema,
  /** what it is about, for its line in the list */
  subject: z.object({
    instanceId: z.string().nullable(),
    instanceName: z.string().nullable(),
    address: z.string().nullable(),
  }),
  steps: z.array(operationStepSchema),
  /** why it is not done; null while nothing went wrong */
  problem: problemSchema.nullable(),
  actor: z.object({ id: z.string(), name: z.string() }),
  /** what may be asked of it now */
  can: z.object({ continue: z.boolean(), undo: z.boolean() }),
  /** of which bulk operation it is an item; null where it stands alone */
  parentId: z.string().nullable(),
  /** of a bulk operation: how its items stand */
  items: z.object({ total: z.int(), succeeded: z.int(), failed: z.int() }).nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Operation = z.infer<typeof operationSchema>;

export const operationQuerySchema = z.object({
  state: operationStateSchema.optional(),
  /** only those that are under way or want somebody's decision */
  open: z.stringbool().optional(),
  parent: z.string().max(64).optional(),
  instance: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
  offset: z.coerce.number().int().min(0).optional(),
});
export type OperationQuery = z.infer<typeof operationQuerySchema>;

export const operationListSchema = z.object({ operations: z.array(operationSchema), page: pageSchema });
export type OperationList = z.infer<typeof operationListSchema>;
