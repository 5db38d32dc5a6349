import { randomUUID } from 'node:crypto';
import { type Operation, ProblemError } from '@moru/types';
import type { AuditEntry } from '../audit/audit-log.ts';
import type { Caller } from '../cloud/provider.ts';
import type { RecordedCall as Recorded } from '../http/route.ts';
import type { Logger } from '../log.ts';
import type { OperationEngine, Progress } from './engine.ts';
import { failpoint } from './failpoints.ts';
import {
  type Attempt,
  type Facts,
  isOpen,
  isUndoing,
  primitiveName,
  type StoredOperation,
  undoStep,
  viewOf,
  waitingStep,
} from './model.ts';
import { type Primitives, undoSteps } from './primitives.ts';
import type { OperationRepository } from './repository.ts';

/** What is wanted: the steps in their order. */
export interface NewOperation {
  kind: Operation['kind'];
  subject: Operation['subject'];
  steps: readonly { name: string; args: Facts }[];
}

export interface OperationService {
  /** begins at once, with the intent that `recorded` tells of. Rejects with `operation.pending` */
  begin(recorded: Recorded, wanted: NewOperation): Promise<Progress>;
  /** stores a bulk operation whose items are taken up by whichever replica is free */
  beginAll(
    recorded: Recorded,
    wanted: NewOperation,
    items: readonly NewOperation[],
  ): Promise<StoredOperation>;
  list: OperationRepository['list'];
  find(projectId: string, id: string): Promise<StoredOperation>;
  goOn(recorded: Recorded, operation: StoredOperation): Promise<Progress>;
  /** takes back what is done */
  undo(recorded: Recorded, operation: StoredOperation): Promise<Progress>;
  view(operation: StoredOperation): Operation;
}

export interface ServiceParts {
  repository: OperationRepository;
  engine: OperationEngine;
  primitives: Primitives;
  log: Logger;
}

export function createOperationService(parts: ServiceParts): OperationService {
  const { repository, engine, primitives, log } = parts;

  const unwritable = (error: unknown): never => {
    if (error instanceof ProblemError) throw error;
    log.error({ error }, 'the intent of an operation was not written');
    throw new ProblemError('audit.unwritable', {}, { cause: error });
  };

  const reopen = async (
    recorded: Recorded,
    before: StoredOperation,
    steps: StoredOperation['steps'],
  ): Promise<Progress> => {
    const operation: StoredOperation = {
      ...before,
      steps,
      state: 'running',
      attempt: attemptOf(recorded),
      sessionHash: recorded.call.session.idHash,
    };
    await repository.reopen(before, operation, intentOf(recorded)).catch(unwritable);
    return engine.run(operation);
  };

  return {
    async begin(recorded, wanted) {
      const operation = newOperation(recorded, wanted, null);
      await repository.insert([operation], [intentOf(recorded)], true).catch(unwritable);
      failpoint('begun');
      return engine.run(operation);
    },

    async beginAll(recorded, wanted, items) {
      const parent: StoredOperation = {
        ...newOperation(recorded, wanted, null),
        attempt: null,
        items: { total: items.length, succeeded: 0, failed: 0 },
      };
      const pairs = items.map((item) => {
        const own = recordedItem(recorded, parent.id, item);
        return { operation: newOperation(own, item, parent.id), intent: intentOf(own) };
      });
      const operations = [parent, ...pairs.map(({ operation }) => operation)];
      const intents = pairs.map(({ intent }) => intent);
      await repository.insert(operations, intents, false).catch(unwritable);
      return parent;
    },

    list: repository.list,

    async find(projectId, id) {
      const found = await repository.find(projectId, id);
      if (!found) throw new ProblemError('operation.notFound');
      return found;
    },

    async goOn(recorded, before) {
      if (!isOpen(before)) throw new ProblemError('operation.changed');
      return reopen(recorded, before, structuredClone(before.steps));
    },

    async undo(recorded, before) {
      if (!isOpen(before) || isUndoing(before)) throw new ProblemError('operation.changed');
      const steps = await settledSteps(primitives, before, recorded.call.caller);
      const back = undoSteps(primitives, steps);
      if (!back) throw new ProblemError('operation.changed');
      const skipped = steps.map((step) =>
        step.state === 'done' ? step : ({ ...step, state: 'skipped' } as const),
      );
      return reopen(recorded, before, [...skipped, ...back.map(({ name, args }) => undoStep(name, args))]);
    },

    view: (operation) => viewOf(operation, undoSteps(primitives, operation.steps) !== null),
  };
}

/** Finds out of a step that was interrupted whether it is done: only what is done is taken back. */
async function settledSteps(
  primitives: Primitives,
  { steps }: StoredOperation,
  caller: Caller,
): Promise<StoredOperation['steps']> {
  const signal = new AbortController().signal;
  return Promise.all(
    steps.map(async (step) => {
      if (step.state === 'done' || step.state === 'waiting' || step.state === 'skipped') return step;
      const facts = await primitives[primitiveName(step)]?.look({ caller, facts: {}, signal }, step.args);
      return facts ? { ...step, state: 'done', facts } : step;
    }),
  );
}

function newOperation(recorded: Recorded, wanted: NewOperation, parentId: string | null): StoredOperation {
  const { session } = recorded.call;
  const now = Date.now();
  return {
    id: recorded.id,
    projectId: session.project.id,
    parentId,
    kind: wanted.kind,
    state: 'running',
    subject: wanted.subject,
    steps: wanted.steps.map(({ name, args }) => waitingStep(name, args)),
    problem: null,
    actor: session.user,
    attempt: attemptOf(recorded),
    sessionHash: session.idHash,
    holds: holdsOf(wanted),
    items: null,
    createdAt: now,
    updatedAt: now,
  };
}

/** Interfaces and addresses that steps name are worked on by one operation at a time. */
function holdsOf({ steps }: NewOperation): string[] {
  const named = steps.flatMap(({ args }) => [
    ...(args.networkInterfaceId ? [`nic:${args.networkInterfaceId}`] : []),
    ...(args.publicIpId ? [`ip:${args.publicIpId}`] : []),
  ]);
  return [...new Set(named)].sort();
}

function attemptOf({ id, action, call, target, targetName }: Recorded): Attempt {
  const { session, caller, address } = call;
  return {
    auditId: id,
    action,
    requestId: caller.requestId,
    actor: { ...session.user, role: session.role, address },
    target: { ...target, name: targetName },
  };
}

function intentOf(recorded: Recorded): AuditEntry {
  const { auditId, action, requestId, actor, target } = attemptOf(recorded);
  return {
    operationId: auditId,
    requestId,
    phase: 'intent',
    actor,
    action,
    target,
    projectId: recorded.call.session.project.id,
    detail: recorded.detail,
  };
}

function recordedItem(recorded: Recorded, parentId: string, item: NewOperation): Recorded {
  const { steps } = item;
  return {
    ...recorded,
    id: randomUUID(),
    ...itemTarget(item),
    detail: { bulk: parentId, steps: steps.map(({ name }) => name) },
  };
}

/** What an item is done to: the address that its first step names, or its instance. */
function itemTarget({ subject, steps: [first] }: NewOperation): Pick<Recorded, 'target' | 'targetName'> {
  const { publicIpId } = first?.args ?? {};
  return publicIpId === undefined
    ? { target: { type: 'instance', id: subject.instanceId ?? '' }, targetName: subject.instanceName }
    : { target: { type: 'publicIp', id: publicIpId }, targetName: subject.address };
}
