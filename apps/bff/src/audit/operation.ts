import { randomUUID } from 'node:crypto';
import { type AuditRecord, ProblemError } from '@moru/types';
import type { Caller } from '../cloud/provider.ts';
import type { Logger } from '../log.ts';
import type { SignedIn } from '../session/sessions.ts';
import type { AuditLog } from './audit-log.ts';

/** Who acts, from where and in which request: a person's call, or a host that does something by itself. */
export interface Acting {
  session: Pick<SignedIn, 'user' | 'project'> & { role: string };
  caller: Pick<Caller, 'requestId'>;
  address: string;
}

/** A change as the audit log tells of it, from its first record to its last. */
export interface Operation {
  id: string;
  action: string;
  call: Acting;
  target: { type: string; id: string };
  targetName: string | null;
  detail: Record<string, unknown>;
}

export interface AuditRecorders {
  audit: AuditLog;
  log: Logger;
}

/** Until the input is read, all that is known of the target is the path that was asked for. */
export function createOperation<By extends Acting>(
  action: string,
  call: By,
  path: string,
): Operation & { call: By } {
  return { id: randomUUID(), action, call, target: { type: 'path', id: path }, targetName: null, detail: {} };
}

/** Records a 403 or a 409 of a policy; whatever else stopped a request before its intent is no decision of ours. */
export async function recordRefusal(recorders: AuditRecorders, operation: Operation, error: unknown) {
  if (!(error instanceof ProblemError) || ![403, 409].includes(error.problem.status)) return;
  await tryAppend(recorders, operation, 'refused', { ...operation.detail, code: error.problem.code });
}

/**
 * Runs a change between two records. Without the first one nothing is changed (`audit.unwritable`); without the
 * second the log shows the outcome as unknown, and the caller hears the true one all the same.
 */
export async function runRecorded<Result>(
  recorders: AuditRecorders,
  operation: Operation,
  run: () => Promise<Result>,
  outcomeOf: (result: Result) => Record<string, unknown>,
): Promise<Result> {
  try {
    await append(recorders.audit, operation, 'intent', operation.detail);
  } catch (error) {
    recorders.log.error({ error, operationId: operation.id }, 'audit record of an intent was not written');
    throw new ProblemError('audit.unwritable', {}, { cause: error });
  }
  try {
    const result = await run();
    await tryAppend(recorders, operation, 'succeeded', outcomeOf(result));
    return result;
  } catch (error) {
    const { code, upstream } = error instanceof ProblemError ? error.problem : { code: 'internal' as const };
    const phase = code === 'outcome.unknown' ? 'unknown' : 'failed';
    await tryAppend(recorders, operation, phase, { code, ...(upstream !== undefined && { upstream }) });
    throw error;
  }
}

/** Records a session's beginning or end, which is over when it is written, so that one record says all. */
export async function recordEvent(
  recorders: AuditRecorders,
  action: string,
  call: Acting,
  detail: Record<string, unknown> = {},
) {
  const operation = createOperation(action, call, '');
  operation.target = { type: 'session', id: call.session.user.id };
  operation.targetName = call.session.user.name;
  await tryAppend(recorders, operation, 'succeeded', detail);
}

async function tryAppend(
  { audit, log }: AuditRecorders,
  operation: Operation,
  phase: AuditRecord['phase'],
  detail: Record<string, unknown>,
): Promise<void> {
  try {
    await append(audit, operation, phase, detail);
  } catch (error) {
    log.error({ error, operationId: operation.id, phase }, 'audit record was not written');
  }
}

function append(
  audit: AuditLog,
  { id, action, call, target, targetName }: Operation,
  phase: AuditRecord['phase'],
  detail: Record<string, unknown>,
): Promise<void> {
  const { user, role, project } = call.session;
  return audit.append({
    operationId: id,
    requestId: call.caller.requestId,
    phase,
    actor: { ...user, role, address: call.address },
    action,
    target: { ...target, name: targetName },
    projectId: project.id,
    detail,
  });
}
