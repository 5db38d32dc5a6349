import { randomUUID } from 'node:crypto';
import { type Operation, ProblemError } from '@moru/types';
import type { Transaction } from 'kysely';
import type { AuditEntry } from '../audit/audit-log.ts';
import type { Caller } from '../cloud/provider.ts';
import type { RecordedCall as Recorded } from '../http/route.ts';
import type { Logger } from '../log.ts';
import type { RolloutCourse } from '../rollouts/course.ts';
import type { Schema } from '../store/schema.ts';
import type { OperationEngine, Progress } from './engine.ts';
import { failpoint } from './failpoints.ts';
import {
  type Attempt,
  canBeUndone,
  type Facts,
  isOpen,
  placeOf,
  primitiveName,
  type StoredOperation,
  undoStep,
  viewOf,
  waitingStep,
} from './model.ts';
import { intentOf } from './parents.ts';
import { type Primitives, undoSteps } from './primitives.ts';
import type { OperationRepository } from './repository.ts';

/** What one bulk order or roll-out holds at most. */
const mostItems = 200;

/** What is wanted: the steps in their order. */
export interface NewOperation {
  kind: Operation['kind'];
  subject: Operation['subject'];
  steps: readonly { name: string; args: Facts }[];
}

/** One host of a roll-out, with the rules that come and those that it has. */
export interface NewRolloutHost extends NewOperation {
  item: NonNullable<StoredOperation['item']>;
  rules: { wanted: string; before: string };
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
  /** stores a roll-out, of which the first host begins at once. Rejects with `operation.pending` */
  beginRollout(
    recorded: Recorded,
    course: RolloutCourse,
    hosts: readonly NewRolloutHost[],
  ): Promise<StoredOperation>;
  /** changes the course of a roll-out in somebody's name */
  decide: OperationRepository['decide'];
  /** its hosts, in the order of their waves */
  itemsOf(projectId: string, parentId: string): Promise<StoredOperation[]>;
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
    await repository.reopen(before, operation, intentOfCall(recorded)).catch(unwritable);
    return engine.run(operation);
  };

  return {
    async begin(recorded, wanted) {
      const operation = newOperation(recorded, wanted, null);
      await repository.insert([operation], [intentOfCall(recorded)], true).catch(unwritable);
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
        return { operation: newOperation(own, item, parent.id), intent: intentOfCall(own) };
      });
      const operations = [parent, ...pairs.map(({ operation }) => operation)];
      const intents = pairs.map(({ intent }) => intent);
      await repository.insert(operations, intents, false).catch(unwritable);
      return parent;
    },

    async beginRollout(recorded, course, hosts) {
      const subject = { instanceId: null, instanceName: null, address: null };
      const parent: StoredOperation = {
        ...newOperation(recorded, { kind: 'rollout.apply', subject, steps: [] }, null),
        items: { total: hosts.length, succeeded: 0, failed: 0 },
        rollout: course,
      };
      const items = hosts.map((host): StoredOperation => {
        const own = recordedItem(recorded, parent.id, host);
        const { wave } = host.item;
        const state = wave === 0 ? 'running' : 'waiting';
        return { ...newOperation(own, host, parent.id), item: host.item, state };
      });
      const rows = items.map(({ id }, index) => ({
        operation_id: id,
        ...(hosts[index]?.rules ?? { wanted: '', before: '' }),
      }));
      const intents = items
        .filter(({ state }) => state === 'running')
        .flatMap((item) => intentOf(item) ?? []);
      const also = (transaction: Transaction<Schema>) =>
        transaction.insertInto('rollout_rules').values(rows).execute();
      await repository
        .insert([parent, ...items], [intentOfCall(recorded), ...intents], false, also)
        .catch(unwritable);
      failpoint('begun');
      return parent;
    },

    decide: repository.decide,

    async itemsOf(projectId, parent) {
      const { operations } = await repository.list(projectId, { parent, limit: mostItems });
      return operations.toSorted(
        (a, b) =>
          (a.item?.wave ?? 0) - (b.item?.wave ?? 0) ||
          (a.subject.instanceName ?? '').localeCompare(b.subject.instanceName ?? ''),
      );
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
      if (!isOpen(before) || !canBeUndone(before)) throw new ProblemError('operation.changed');
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
  operation: StoredOperation,
  caller: Caller,
): Promise<StoredOperation['steps']> {
  const context = {
    ...{ caller, facts: {}, signal: new AbortController().signal },
    ...placeOf(operation),
  };
  return Promise.all(
    operation.steps.map(async (step) => {
      if (step.state === 'done' || step.state === 'waiting' || step.state === 'skipped') return step;
      const facts = await primitives[primitiveName(step)]?.look(context, step.args);
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
    rollout: null,
    item: null,
    createdAt: now,
    updatedAt: now,
  };
}

/** Interfaces, addresses and rules of hosts that steps name are worked on by one operation at a time. */
function holdsOf({ steps }: NewOperation): string[] {
  const named = steps.flatMap(({ args }) => [
    ...(args.networkInterfaceId ? [`nic:${args.networkInterfaceId}`] : []),
    ...(args.publicIpId ? [`ip:${args.publicIpId}`] : []),
    ...(args.rulesOf ? [`rules:${args.rulesOf}`] : []),
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

function intentOfCall(recorded: Recorded): AuditEntry {
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
