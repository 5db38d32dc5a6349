import { randomUUID } from 'node:crypto';
import type { StrictAction } from '@moru/kakaocloud';
import type { Store } from '../store/store.ts';

/** On whose behalf something is done, by which request. */
export interface Doer {
  userId: string;
  requestId: string;
}

/** The record of what was done to each instance (reference/kakaocloud.md A.8); it goes with the instance. */
export class ActionLogs {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The id of a record that is open until `finish`. */
  begin(instanceId: string, action: string, { userId, requestId }: Doer): string {
    const id = randomUUID();
    const now = new Date().toISOString();
    this.#store.run(
      `INSERT INTO actions (id, instance_id, action, request_id, user_id, start_time, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      id,
      instanceId,
      action,
      requestId,
      userId,
      now,
      now,
    );
    return id;
  }

  /** `message`: what went wrong, or null. */
  finish(id: string, message: string | null): void {
    this.#store.run(
      'UPDATE actions SET message = ?, updated_at = ? WHERE id = ?',
      message,
      new Date().toISOString(),
      id,
    );
  }

  /** Newest first. */
  of(instanceId: string): StrictAction[] {
    return this.#store.all<StrictAction>(
      `SELECT action, request_id, user_id, start_time, message, updated_at FROM actions
       WHERE instance_id = ? ORDER BY start_time DESC, rowid DESC`,
      instanceId,
    );
  }
}
