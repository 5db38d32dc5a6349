import {
  type AuditRecord,
  type Operation,
  operationKindSchema,
  operationStateSchema,
  operationStepSchema,
  problemSchema,
  rolloutChangesSchema,
} from '@moru/types';
import { z } from 'zod';
import type { AuditEntry } from '../audit/audit-log.ts';
import { rolloutCourseSchema } from '../rollouts/course.ts';
import type { OperationTable } from '../store/schema.ts';

const factsSchema = z.record(z.string(), z.string());

/** What a step was given, or what it has found out for later ones: ids and addresses by name. */
export type Facts = z.infer<typeof factsSchema>;

const storedStepSchema = operationStepSchema.extend({ args: factsSchema, facts: factsSchema });

/** A step with what it needs and, once it is done, what it found out. */
export type StoredStep = z.infer<typeof storedStepSchema>;

/** What the audit log says of the attempt that is under way: the begin, a continue or an undo. */
const attemptSchema = z.object({
  auditId: z.string(),
  action: z.string(),
  requestId: z.string(),
  actor: z.object({ id: z.string(), name: z.string(), role: z.string(), address: z.string() }),
  target: z.object({ type: z.string(), id: z.string(), name: z.string().nullable() }),
});
export type Attempt = z.infer<typeof attemptSchema>;

const bodySchema = z.object({
  subject: z.object({
    instanceId: z.string().nullable(),
    instanceName: z.string().nullable(),
    address: z.string().nullable(),
  }),
  steps: z.array(storedStepSchema),
  problem: problemSchema.nullable(),
  /** who began it */
  actor: z.object({ id: z.string(), name: z.string() }),
  /** null for a bulk operation, whose items are recorded each */
  attempt: attemptSchema.nullable(),
  /** whose token acts (`SignedIn.idHash`) */
  sessionHash: z.string(),
  /** resources that it works on, held while it runs */
  holds: z.array(z.string()),
  items: z.object({ total: z.int(), succeeded: z.int(), failed: z.int() }).nullable(),
  /** of a roll-out: how it goes on from wave to wave */
  rollout: rolloutCourseSchema.nullable().default(null),
  /** of one host of a roll-out: its wave, 0 for the canary, and how much changes there */
  item: z.object({ wave: z.int(), changes: rolloutChangesSchema }).nullable().default(null),
});

export type OperationBody = z.infer<typeof bodySchema>;

/** An operation as the store has it. */
export interface StoredOperation extends OperationBody {
  id: string;
  projectId: string;
  parentId: string | null;
  kind: Operation['kind'];
  state: Operation['state'];
  createdAt: number;
  updatedAt: number;
}

export function readOperation(row: OperationTable): StoredOperation {
  return {
    ...bodySchema.parse(JSON.parse(row.body)),
    id: row.id,
    projectId: row.project_id,
    parentId: row.parent_id,
    kind: operationKindSchema.parse(row.kind),
    state: operationStateSchema.parse(row.state),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function bodyOf(operation: OperationBody): string {
  const { subject, steps, problem, actor, attempt, sessionHash, holds, items, rollout, item } = operation;
  const body: OperationBody = {
    ...{ subject, steps, problem, actor, attempt, sessionHash, holds, items, rollout, item },
  };
  return JSON.stringify(body);
}

/** States in which nobody is at it, and somebody may decide how it goes on. */
const open: ReadonlySet<Operation['state']> = new Set(['halfDone', 'unknown']);

export function isOpen({ state }: Pick<StoredOperation, 'state'>): boolean {
  return open.has(state);
}

const undoPrefix = 'undo.';

export function isUndoing({ steps }: Pick<StoredOperation, 'steps'>): boolean {
  return steps.some(({ name }) => name.startsWith(undoPrefix));
}

/** A host puts back by itself what a roll-out has not kept, and what it has kept is taken back by another one. */
export const canBeUndone = (operation: Pick<StoredOperation, 'kind' | 'steps'>): boolean =>
  operation.kind !== 'rollout.apply' && !isUndoing(operation);

/** The name under which a primitive is known, whichever way it is used. */
export function primitiveName({ name }: Pick<StoredStep, 'name'>): string {
  return name.startsWith(undoPrefix) ? name.slice(undoPrefix.length) : name;
}

export function undoStep(name: string, args: Facts): StoredStep {
  return waitingStep(`${undoPrefix}${name}`, args);
}

export function waitingStep(name: string, args: Facts): StoredStep {
  return { name, args, facts: {}, state: 'waiting', at: null };
}

/** Everything that the steps so far have found out. */
export function factsOf({ steps }: Pick<StoredOperation, 'steps'>): Facts {
  return Object.assign({}, ...steps.map(({ facts }) => facts));
}

/** Where a step stands, for a primitive that acts in somebody's name. */
export const placeOf = ({ id: operationId, projectId, actor }: StoredOperation) => ({
  operationId,
  projectId,
  actor,
});

/** How its end is told in the audit log; null while it has none. */
export function auditPhase({ state }: Pick<StoredOperation, 'state'>): AuditRecord['phase'] | null {
  if (['running', 'waiting', 'untouched', 'paused'].includes(state)) return null;
  if (state === 'unknown') return 'unknown';
  return state === 'succeeded' || state === 'undone' ? 'succeeded' : 'failed';
}

/** What the audit log says of it; only where somebody has asked for it. */
export function auditEntry(
  { attempt, projectId }: StoredOperation,
  phase: AuditRecord['phase'],
  detail: Record<string, unknown>,
): AuditEntry {
  if (!attempt) throw new TypeError('nobody has asked for it');
  const { auditId: operationId, requestId, actor, action, target } = attempt;
  return { operationId, requestId, phase, actor, action, target, projectId, detail };
}

/** As the console shows it. `undoable`: whether what is done can be taken back. */
export function viewOf(operation: StoredOperation, undoable: boolean): Operation {
  const { id, kind, state, subject, steps, problem, actor, parentId, items } = operation;
  return {
    ...{ id, kind, state, subject, problem, actor, parentId, items },
    steps: steps.map(({ name, state: stepState, at }) => ({ name, state: stepState, at })),
    can: { continue: isOpen(operation), undo: isOpen(operation) && canBeUndone(operation) && undoable },
    createdAt: new Date(operation.createdAt).toISOString(),
    updatedAt: new Date(operation.updatedAt).toISOString(),
  };
}
