import { type Operation, ProblemError } from '@moru/types';
import type { AuditEntry } from '../audit/audit-log.ts';
import type { Logger } from '../log.ts';
import type { Sessions } from '../session/sessions.ts';
import { failpoint } from './failpoints.ts';
import {
  auditEntry,
  auditPhase,
  factsOf,
  isUndoing,
  placeOf,
  primitiveName,
  type StoredOperation,
} from './model.ts';
import type { Primitives } from './primitives.ts';
import type { OperationRepository } from './repository.ts';
import { runStep } from './run-step.ts';

/** An operation that this replica is at. */
export interface Progress {
  /** resolves once nothing is left to change, or nobody is at it any more */
  changed: Promise<StoredOperation>;
  /** resolves once nobody is at it any more */
  ended: Promise<StoredOperation>;
}

export interface OperationEngine {
  /** goes through the steps that are left of an operation that this replica has taken */
  run(operation: StoredOperation): Progress;
  /** how many are under way */
  count(): number;
  /** waits for what is under way, and lets go of what takes longer: another start takes it up */
  close(graceMs: number): Promise<void>;
}

export interface EngineParts {
  repository: OperationRepository;
  primitives: Primitives;
  sessions: Pick<Sessions, 'resume'>;
  leaseMs: number;
  log: Logger;
}

/** The right to go on is lost: another replica has taken over, and nothing more may be changed or stored here. */
class LeaseLost extends Error {}

export function createOperationEngine(parts: EngineParts): OperationEngine {
  const { repository, primitives, sessions, leaseMs, log } = parts;
  const active = new Map<string, { lost: AbortController; ended: Promise<unknown> }>();

  const renewer = setInterval(() => {
    repository.renew([...active.keys()]).then(
      (lost) => {
        for (const id of lost) active.get(id)?.lost.abort();
      },
      (error: unknown) => log.warn({ error }, 'leases of operations were not renewed'),
    );
  }, leaseMs / 3);

  const save = async (operation: StoredOperation, signal: AbortSignal) => {
    if (signal.aborted || !(await repository.save(operation))) throw new LeaseLost();
  };

  /** Resolves to the state in which nobody is at it any more. */
  const goThrough = async (
    operation: StoredOperation,
    signal: AbortSignal,
    changed: () => void,
  ): Promise<StoredOperation['state']> => {
    const { steps } = operation;
    for (const [index, step] of steps.entries()) {
      if (step.state === 'done' || step.state === 'skipped') continue;
      const primitive = primitives[primitiveName(step)];
      if (!primitive) throw new TypeError(`no primitive ${step.name}`);
      if (primitive.watches) changed();
      const session = await sessions.resume(operation.sessionHash);
      if (!session) {
        operation.problem = new ProblemError('session.expired').problem;
        const passing = steps.some(
          (each) => each.state === 'done' && primitives[primitiveName(each)]?.passes,
        );
        return step.state === 'waiting' && !passing ? stoppedState(operation, primitives) : 'unknown';
      }
      const caller = { token: session.token, requestId: operation.attempt?.requestId ?? operation.id };
      const context = { caller, facts: factsOf(operation), signal, ...placeOf(operation) };
      const end = await runStep(primitive, step, context, async () => {
        Object.assign(step, { state: 'running', at: new Date().toISOString() });
        await save(operation, signal);
        failpoint(`${index}.marked`);
      });
      failpoint(`${index}.made`);
      // interrupted, not failed: whoever goes on looks at what it has come to
      if (signal.aborted && end.state !== 'done') throw new LeaseLost();
      Object.assign(step, { state: end.state, at: new Date().toISOString() });
      if (end.state !== 'done') {
        const others = steps.some(({ state }) => state === 'done');
        operation.problem = problemOfStep(end.error, others ? primitive.halfDone : undefined, others);
        return end.state === 'unknown' ? 'unknown' : stoppedState(operation, primitives);
      }
      step.facts = end.facts;
      operation.subject.address = end.facts.address ?? operation.subject.address;
      operation.problem = null;
      await save(operation, signal);
      failpoint(`${index}.kept`);
    }
    return isUndoing(operation) ? 'undone' : 'succeeded';
  };

  const runToRest = async (operation: StoredOperation, signal: AbortSignal, changed: () => void) => {
    const interrupted = (error: unknown) => {
      if (error instanceof LeaseLost) return;
      log.error({ error, operationId: operation.id }, 'an operation was interrupted, and goes on later');
    };
    try {
      operation.state = await goThrough(operation, signal, changed);
    } catch (error) {
      // the store cannot be written, or another replica is at it: how far it came is stored
      interrupted(error);
      operation.problem = new ProblemError('outcome.unknown').problem;
      operation.state = 'unknown';
      return operation;
    }
    // an end that cannot be stored is the end all the same; it is found out again and stored later
    await repository.rest(operation, outcomeOf(operation)).catch(interrupted);
    return operation;
  };

  return {
    run(operation) {
      const lost = new AbortController();
      const changed = Promise.withResolvers<StoredOperation>();
      const ended = runToRest(operation, lost.signal, () => changed.resolve(operation)).finally(() =>
        active.delete(operation.id),
      );
      ended.then(changed.resolve);
      active.set(operation.id, { lost, ended });
      return { changed: changed.promise, ended };
    },
    count: () => active.size,
    async close(graceMs) {
      const all = Promise.all([...active.values()].map(({ ended }) => ended));
      const timer = Promise.withResolvers<void>();
      const timeout = setTimeout(timer.resolve, graceMs);
      await Promise.race([all, timer.promise]);
      clearTimeout(timeout);
      clearInterval(renewer);
      for (const { lost } of active.values()) lost.abort();
    },
  };
}

/** Nothing was changed, or something that has not come to its end. */
function stoppedState(operation: StoredOperation, primitives: Primitives): Operation['state'] {
  const changed = operation.steps.some(
    (step) => step.state === 'done' && !isFleeting(primitives[primitiveName(step)]),
  );
  return changed ? 'halfDone' : 'failed';
}

const isFleeting = (primitive: Primitives[string] | undefined) => primitive?.watches ?? primitive?.passes;

function problemOfStep({ problem }: ProblemError, halfDone: Primitives[string]['halfDone'], others: boolean) {
  const extras = { ...(problem.upstream !== undefined && { upstream: problem.upstream }) };
  if (problem.code === 'outcome.unknown' && others) {
    const detail = 'The steps before are done; whether this one is, is not known.';
    return new ProblemError('outcome.unknown', { ...extras, detail }).problem;
  }
  return halfDone ? new ProblemError(halfDone, extras).problem : problem;
}

function outcomeOf(operation: StoredOperation): AuditEntry | null {
  const phase = auditPhase(operation);
  const { attempt, problem, state } = operation;
  if (!attempt || !phase) return null;
  return auditEntry(operation, phase, {
    ...factsOf(operation),
    state,
    ...(problem && { code: problem.code, ...(problem.upstream && { upstream: problem.upstream }) }),
  });
}
