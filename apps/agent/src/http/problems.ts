import { type AgentProblem, ProblemError, problemOf } from '@moru/types';
import { z } from 'zod';
import { NotAcknowledged } from '../access/acknowledged.ts';
import { StaleRevision } from '../firewall/stale.ts';
import { log, messageOf } from '../log.ts';
import { GateFull } from '../process/gate.ts';
import { ProgramMissing } from '../process/start.ts';
import { RoutesConflict, RuleConflict, TrialProblem } from '../trial/errors.ts';

/** What was thrown, as the one document that every failure travels in. Unforeseen errors are logged, not shown. */
export function problemFrom(error: unknown, requestId: string): AgentProblem {
  if (error instanceof RuleConflict) {
    return { ...error.problem, requestId, state: error.state, conflict: error.conflict };
  }
  if (error instanceof NotAcknowledged) return { ...error.problem, requestId, access: error.access };
  if (error instanceof RoutesConflict) {
    return { ...error.problem, requestId, routeConflict: error.conflict };
  }
  if (error instanceof TrialProblem && error.trial) {
    return { ...error.problem, requestId, trial: error.trial };
  }
  if (error instanceof StaleRevision) return { ...error.problem, requestId, state: error.state };
  if (error instanceof ProblemError) return { ...error.problem, requestId };
  if (error instanceof GateFull) return problemOf('host.busy', { requestId });
  if (error instanceof ProgramMissing) {
    return problemOf('host.iptablesMissing', { requestId, detail: error.message });
  }
  if (error instanceof z.ZodError) {
    const fields = error.issues.map((issue) => ({
      field: issue.path.join('.'),
      code: issue.code,
      detail: issue.message,
    }));
    return problemOf('input.invalid', { requestId, fields });
  }
  log.error('unforeseen error', {
    requestId,
    reason: messageOf(error),
    ...(error instanceof Error && { stack: error.stack }),
  });
  return problemOf('internal', { requestId });
}
