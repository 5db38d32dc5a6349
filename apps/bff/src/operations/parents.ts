import { ProblemError } from '@moru/types';
import type { Transaction } from 'kysely';
import type { AuditEntry } from '../audit/audit-log.ts';
import { turnOf } from '../rollouts/course.ts';
import type { Schema } from '../store/schema.ts';
import { auditEntry, auditPhase, bodyOf, readOperation, type StoredOperation } from './model.ts';

type Writing = Transaction<Schema>;

/** What has changed beside the item: its parent and other items, and what the audit log has to say of it. */
export interface Followed {
  changed: StoredOperation[];
  entries: AuditEntry[];
}

const nothing: Followed = { changed: [], entries: [] };

/**
 * Takes a parent on after something has become of one of its items, or after `decide` has changed its course. The
 * parent's row is written first and so locked: two items that end at once count one after the other.
 */
export async function followParent(
  transaction: Writing,
  parentId: string,
  decide: (parent: StoredOperation) => StoredOperation = (parent) => parent,
): Promise<Followed> {
  const row = await transaction
    .updateTable('operation')
    .set({ updated_at: Date.now() })
    .where('id', '=', parentId)
    .returningAll()
    .executeTakeFirst();
  if (!row) return nothing;
  const parent = decide(readOperation(row));
  return parent.rollout ? takeTurn(transaction, parent) : countItems(transaction, parent);
}

/** A bulk operation ends once none of its items runs. */
async function countItems(transaction: Writing, before: StoredOperation): Promise<Followed> {
  const items = await itemCounts(transaction, before.id);
  const state = items.running > 0 ? 'running' : items.failed > 0 ? 'failed' : 'succeeded';
  const { running: _, ...counted } = items;
  const parent: StoredOperation = { ...before, state, items: counted };
  await write(transaction, parent);
  return { changed: [parent], entries: [] };
}

async function itemCounts(transaction: Writing, parentId: string) {
  const counts = await transaction
    .selectFrom('operation')
    .select(['state', ({ fn }) => fn.countAll<number>().as('count')])
    .where('parent_id', '=', parentId)
    .groupBy('state')
    .execute();
  const count = (wanted: (state: string) => boolean) =>
    counts.reduce((sum, { state, count: each }) => sum + (wanted(state) ? Number(each) : 0), 0);
  const unended = ['succeeded', 'running', 'waiting', 'untouched'];
  return {
    total: count(() => true),
    succeeded: count((state) => state === 'succeeded'),
    failed: count((state) => !unended.includes(state)),
    running: count((state) => state === 'running'),
  };
}

/** A roll-out begins its next wave, waits for somebody, or ends. */
async function takeTurn(transaction: Writing, before: StoredOperation): Promise<Followed> {
  if (!before.rollout) return nothing;
  const rows = await transaction
    .selectFrom('operation')
    .selectAll()
    .where('parent_id', '=', before.id)
    .execute();
  const items = rows.map(readOperation);
  const places = items.map(({ item, state }) => ({ wave: item?.wave ?? 0, state }));
  const turn = turnOf(before.rollout, places, new Date().toISOString());
  const waiting = items.filter(({ state }) => state === 'waiting');
  const begun = waiting.filter(({ item }) => item?.wave === turn.begins).map((item) => begin(item, before));
  const left = turn.letsGo ? waiting.map((item): StoredOperation => ({ ...item, state: 'untouched' })) : [];
  for (const item of [...begun, ...left]) await write(transaction, item);
  const free = left.map(({ id }) => id);
  if (free.length > 0) {
    await transaction.deleteFrom('operation_hold').where('operation_id', 'in', free).execute();
  }
  const { running: _, ...counted } = await itemCounts(transaction, before.id);
  const parent: StoredOperation = {
    ...before,
    state: turn.state,
    rollout: turn.course,
    items: counted,
    problem: turn.problem && new ProblemError(turn.problem).problem,
  };
  await write(transaction, parent);
  const ended = before.state !== turn.state && outcomeOf(parent);
  const intents = begun.flatMap((item) => intentOf(item) ?? []);
  return { changed: [...begun, ...left, parent], entries: ended ? [...intents, ended] : intents };
}

/** In the name of whoever has let the roll-out go on. */
function begin(item: StoredOperation, { sessionHash, attempt }: StoredOperation): StoredOperation {
  const own = item.attempt;
  return {
    ...item,
    state: 'running',
    sessionHash,
    attempt: own && attempt && { ...own, actor: attempt.actor, requestId: attempt.requestId },
  };
}

function outcomeOf(parent: StoredOperation): AuditEntry | null {
  const phase = auditPhase(parent);
  if (!phase || !parent.attempt) return null;
  const { state, items, problem } = parent;
  return auditEntry(parent, phase, { state, ...items, ...(problem && { code: problem.code }) });
}

/** What is recorded of a host of a roll-out when its turn comes; null where nobody has asked for it. */
export function intentOf(item: StoredOperation): AuditEntry | null {
  if (!item.attempt) return null;
  const { parentId, steps, item: place } = item;
  const { revision = '' } = steps[0]?.args ?? {};
  return auditEntry(item, 'intent', { rollout: parentId, wave: place?.wave, revision, ...place?.changes });
}

async function write(transaction: Writing, operation: StoredOperation): Promise<void> {
  operation.updatedAt = Date.now();
  const { state, updatedAt } = operation;
  await transaction
    .updateTable('operation')
    .set({ state, body: bodyOf(operation), updated_at: updatedAt })
    .where('id', '=', operation.id)
    .execute();
}
