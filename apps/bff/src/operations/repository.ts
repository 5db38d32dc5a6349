import { type Operation, type OperationQuery, type Page, ProblemError } from '@moru/types';
import { sql, type Transaction } from 'kysely';
import type { AuditEntry, AuditLog } from '../audit/audit-log.ts';
import type { EventBus } from '../events/bus.ts';
import { storeNow } from '../store/clock.ts';
import type { OperationTable, Schema } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { bodyOf, readOperation, type StoredOperation } from './model.ts';
import { type Followed, followParent } from './parents.ts';

type Writing = Transaction<Schema>;

export interface OperationRepository {
  /**
   * Stores new operations with the intents of the audit log, or neither. Those of `mine` are this replica's from the
   * start, the others whoever's is free. Rejects with `operation.pending` when another one holds what one needs.
   * `also` writes more with them.
   */
  insert(
    operations: readonly StoredOperation[],
    intents: readonly AuditEntry[],
    mine: boolean,
    also?: (transaction: Writing) => Promise<unknown>,
  ): Promise<void>;
  find(projectId: string, id: string): Promise<StoredOperation | null>;
  list(projectId: string, query: OperationQuery): Promise<{ operations: StoredOperation[]; page: Page }>;
  /** says that nobody is at anything, which only somebody who is alone with the store can know */
  freeAll(): Promise<void>;
  /** of all projects */
  countRunning(): Promise<number>;
  /** takes running operations that nobody is at, at most `limit` of them */
  claim(limit: number): Promise<StoredOperation[]>;
  /** keeps the right to go on; resolves to those for which it is lost */
  renew(ids: readonly string[]): Promise<string[]>;
  /** stores how far it came; false when the right to go on is lost, and then nothing is stored */
  save(operation: StoredOperation): Promise<boolean>;
  /** stores that nobody is at it any more, with the outcome for the audit log */
  rest(operation: StoredOperation, outcome: AuditEntry | null): Promise<void>;
  /** changes the course of an operation that has items. Rejects with what `decide` throws */
  decide(id: string, decide: (parent: StoredOperation) => StoredOperation): Promise<StoredOperation>;
  /** takes an operation that waits for somebody's decision, with the intent. Rejects with `operation.changed` */
  reopen(before: StoredOperation, operation: StoredOperation, intent: AuditEntry): Promise<void>;
}

export interface RepositoryParts {
  store: Store;
  bus: EventBus;
  audit: AuditLog;
  /** name of this replica */
  owner: string;
  leaseMs: number;
  view(operation: StoredOperation): Operation;
}

const defaultLimit = 50;

/** A bulk operation is its items; nobody is ever at it itself. */
const never = Number.MAX_SAFE_INTEGER;

/** Every change of an operation is told to the streams in the transaction that stores it. */
export function createOperationRepository(parts: RepositoryParts): OperationRepository {
  const { store, bus, audit, owner, leaseMs, view } = parts;
  const { db, kind } = store;
  const now = storeNow(kind);
  const lease = sql<number>`${now} + ${sql.lit(leaseMs)}`;

  const tell = (transaction: Writing, operations: readonly StoredOperation[]) =>
    bus.publishIn(
      transaction,
      operations.map((operation) => ({
        projectId: operation.projectId,
        event: { kind: 'operation', id: operation.id, operation: view(operation) },
      })),
    );

  const hold = async (transaction: Writing, operations: readonly StoredOperation[]) => {
    const rows = operations.flatMap(({ id, holds }) =>
      holds.map((resource) => ({ resource, operation_id: id })),
    );
    if (rows.length === 0) return;
    const held = await transaction
      .insertInto('operation_hold')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .returning('resource')
      .execute();
    if (held.length < rows.length) throw new ProblemError('operation.pending');
  };

  const update = (transaction: Writing, operation: StoredOperation) => {
    operation.updatedAt = Date.now();
    return transaction
      .updateTable('operation')
      .set({ state: operation.state, body: bodyOf(operation), updated_at: operation.updatedAt })
      .where('id', '=', operation.id);
  };

  /** An item has ended or begins anew: its parent is told, and whatever that changes. */
  const follow = async (transaction: Writing, operation: StoredOperation): Promise<Followed['entries']> => {
    const { parentId } = operation;
    const { changed, entries } = parentId
      ? await followParent(transaction, parentId)
      : { changed: [], entries: [] };
    await tell(transaction, [operation, ...changed]);
    return entries;
  };

  return {
    async insert(operations, intents, mine, also) {
      const rows = operations.map((operation) => ({
        ...rowOf(operation),
        owner: mine ? owner : null,
        lease_until: operation.items ? never : mine ? lease : 0,
      }));
      const write = async (transaction: Writing) => {
        await hold(transaction, operations);
        await transaction.insertInto('operation').values(rows).execute();
        await also?.(transaction);
        await tell(transaction, operations);
        return undefined;
      };
      await audit.append(intents, write);
    },

    async find(projectId, id) {
      const row = await db
        .selectFrom('operation')
        .selectAll()
        .where('id', '=', id)
        .where('project_id', '=', projectId)
        .executeTakeFirst();
      return row ? readOperation(row) : null;
    },

    async list(projectId, { state, open, parent, instance, limit = defaultLimit, offset = 0 }) {
      const select = db
        .selectFrom('operation')
        .where('project_id', '=', projectId)
        .$if(state !== undefined, (query) => query.where('state', '=', state ?? ''))
        .$if(open === true, (query) =>
          query.where('state', 'in', ['running', 'paused', 'halfDone', 'unknown']),
        )
        .$if(instance !== undefined, (query) => query.where('instance_id', '=', instance ?? ''))
        .where('parent_id', parent === undefined ? 'is' : '=', parent ?? null);
      const [rows, { total }] = await Promise.all([
        select.selectAll().orderBy('created_at', 'desc').orderBy('id').limit(limit).offset(offset).execute(),
        select.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
      ]);
      return { operations: rows.map(readOperation), page: { total, offset, limit } };
    },

    async countRunning() {
      const { count } = await db
        .selectFrom('operation')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('state', '=', 'running')
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    async freeAll() {
      await db
        .updateTable('operation')
        .set({ lease_until: 0 })
        .where('state', '=', 'running')
        .where('lease_until', '<', never)
        .execute();
    },

    async claim(limit) {
      const free = await db
        .selectFrom('operation')
        .select('id')
        .where('state', '=', 'running')
        .where('lease_until', '<', now)
        .orderBy('created_at')
        .limit(limit)
        .execute();
      const taken: StoredOperation[] = [];
      for (const { id } of free) {
        const row = await db
          .updateTable('operation')
          .set({ owner, lease_until: lease })
          .where('id', '=', id)
          .where('state', '=', 'running')
          .where('lease_until', '<', now)
          .returningAll()
          .executeTakeFirst();
        if (row) taken.push(readOperation(row));
      }
      return taken;
    },

    async renew(ids) {
      if (ids.length === 0) return [];
      const kept = await db
        .updateTable('operation')
        .set({ lease_until: lease })
        .where('id', 'in', ids)
        .where('owner', '=', owner)
        .where('lease_until', '>', now)
        .returning('id')
        .execute();
      const still = new Set(kept.map(({ id }) => id));
      return ids.filter((id) => !still.has(id));
    },

    save: (operation) =>
      db.transaction().execute(async (transaction) => {
        const { numUpdatedRows } = await update(transaction, operation)
          .set({ lease_until: lease })
          .where('owner', '=', owner)
          .where('lease_until', '>', now)
          .executeTakeFirstOrThrow();
        if (numUpdatedRows === 0n) return false;
        await tell(transaction, [operation]);
        return true;
      }),

    async rest(operation, outcome) {
      const write = async (transaction: Writing) => {
        const { numUpdatedRows } = await update(transaction, operation)
          .set({ owner: null, lease_until: 0 })
          .where('owner', '=', owner)
          .executeTakeFirstOrThrow();
        if (numUpdatedRows === 0n) throw new Error('another replica has taken the operation over');
        await transaction.deleteFrom('operation_hold').where('operation_id', '=', operation.id).execute();
        return follow(transaction, operation);
      };
      await audit.append(outcome ?? [], write);
    },

    async decide(id, decide) {
      const decided = Promise.withResolvers<StoredOperation>();
      await audit.append([], async (transaction) => {
        const { changed, entries } = await followParent(transaction, id, decide);
        const parent = changed.at(-1);
        if (!parent) throw new ProblemError('operation.notFound');
        await tell(transaction, changed);
        decided.resolve(parent);
        return entries;
      });
      return decided.promise;
    },

    async reopen(before, operation, intent) {
      await audit.append(intent, async (transaction) => {
        const { numUpdatedRows } = await update(transaction, operation)
          .set({ owner, lease_until: lease })
          .where('state', '=', before.state)
          .where('updated_at', '=', before.updatedAt)
          .executeTakeFirstOrThrow();
        if (numUpdatedRows === 0n) throw new ProblemError('operation.changed');
        await hold(transaction, [operation]);
        return follow(transaction, operation);
      });
    },
  };
}

function rowOf(operation: StoredOperation): Omit<OperationTable, 'owner' | 'lease_until'> {
  return {
    id: operation.id,
    project_id: operation.projectId,
    parent_id: operation.parentId,
    kind: operation.kind,
    state: operation.state,
    instance_id: operation.subject.instanceId,
    body: bodyOf(operation),
    created_at: operation.createdAt,
    updated_at: operation.updatedAt,
  };
}
