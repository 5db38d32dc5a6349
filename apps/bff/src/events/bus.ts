import type { Event } from '@moru/types';
import { sql, type Transaction } from 'kysely';
import type { Logger } from '../log.ts';
import { listenForNotices, type Notices, noticeChannel } from '../store/notices.ts';
import type { Schema } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

/** An event with its place among all, as it is told to streams. */
export interface StoredEvent {
  id: number;
  projectId: string;
  kind: string;
  /** the event as JSON */
  data: string;
}

export type NewEvent = { projectId: string; event: Event };

export interface EventBus {
  /** adds events to a transaction; whoever listens hears of them once it is committed, on every replica */
  publishIn(transaction: Transaction<Schema>, events: readonly NewEvent[]): Promise<void>;
  publish(events: readonly NewEvent[]): Promise<void>;
  /** calls for every event from now on, in order; returns what ends it */
  subscribe(listener: (events: readonly StoredEvent[]) => void): () => void;
  /** the first of a project's events after `id`; null when some of them are no longer known */
  since(projectId: string, id: number, limit: number): Promise<StoredEvent[] | null>;
  /** number of the newest event that listeners have heard of */
  position(): number;
  close(): Promise<void>;
}

/** A laptop that slept for longer reads everything again anyway. */
const keptMs = 10 * 60_000;
const sweepMs = 60_000;

/** Where a notice was lost, the table is looked at after this long. */
const lookMs = 3_000;

const pageSize = 500;

export async function createEventBus(store: Store, log: Logger): Promise<EventBus> {
  const { db, place } = store;
  const listeners = new Set<(events: readonly StoredEvent[]) => void>();
  const start = await db.selectFrom('event_head').select('last').executeTakeFirstOrThrow();
  let position = start.last;
  let reading: Promise<void> | null = null;
  let wanted = false;
  let closed = false;

  const readNew = async () => {
    for (;;) {
      const rows = await db
        .selectFrom('event')
        .select(['id', 'project_id', 'kind', 'body'])
        .where('id', '>', position)
        .orderBy('id')
        .limit(pageSize)
        .execute();
      const last = rows.at(-1);
      if (!last) return;
      position = last.id;
      const events = rows.map(storedEvent);
      for (const listener of listeners) listener(events);
    }
  };

  /** One reading at a time; a call that comes during one causes another after it. */
  const wake = () => {
    wanted = true;
    if (reading || closed) return;
    wanted = false;
    reading = readNew()
      .catch((error: unknown) => log.warn({ error }, 'events were not read'))
      .finally(() => {
        reading = null;
        if (wanted) wake();
      });
  };

  const notices: Notices | null = place.kind === 'postgresql' ? listenForNotices(place.url, wake, log) : null;
  const looker = setInterval(wake, lookMs);
  const sweeper = setInterval(() => {
    db.deleteFrom('event')
      .where('at', '<', Date.now() - keptMs)
      .execute()
      .catch((error: unknown) => log.warn({ error }, 'old events were not removed'));
  }, sweepMs);

  const publishIn = async (transaction: Transaction<Schema>, events: readonly NewEvent[]) => {
    if (events.length === 0) return;
    const { last } = await transaction
      .updateTable('event_head')
      .set({ last: sql`last + ${events.length}` })
      .where('id', '=', 1)
      .returning('last')
      .executeTakeFirstOrThrow();
    const first = last - events.length + 1;
    const rows = events.map(({ projectId, event }, index) => ({
      id: first + index,
      project_id: projectId,
      kind: event.kind,
      body: JSON.stringify(event),
      at: Date.now(),
    }));
    for (let from = 0; from < rows.length; from += pageSize) {
      await transaction
        .insertInto('event')
        .values(rows.slice(from, from + pageSize))
        .execute();
    }
    if (place.kind === 'postgresql') await sql`select pg_notify(${noticeChannel}, '')`.execute(transaction);
    // SQLite has one connection, so that this reading waits for the commit
    else wake();
  };

  return {
    publishIn,
    publish: (events) => db.transaction().execute((transaction) => publishIn(transaction, events)),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async since(projectId, id, limit) {
      const { last, first } = await db
        .selectFrom('event_head')
        .select([
          'last',
          db
            .selectFrom('event')
            .select(({ fn }) => fn.min('id').as('id'))
            .as('first'),
        ])
        .executeTakeFirstOrThrow();
      const oldest = first === null ? last + 1 : Number(first);
      if (id > last || id < oldest - 1) return null;
      const rows = await db
        .selectFrom('event')
        .select(['id', 'project_id', 'kind', 'body'])
        .where('project_id', '=', projectId)
        .where('id', '>', id)
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(storedEvent);
    },
    position: () => position,
    async close() {
      closed = true;
      clearInterval(looker);
      clearInterval(sweeper);
      await notices?.close();
      await reading;
    },
  };
}

function storedEvent(row: { id: number; project_id: string; kind: string; body: string }): StoredEvent {
  return { id: row.id, projectId: row.project_id, kind: row.kind, data: row.body };
}
