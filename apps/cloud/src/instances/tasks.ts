import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { backOffMs } from '../hosts/back-off.ts';
import type { Hosts } from '../hosts/hosts.ts';
import type { Translation } from '../public-ips/translation.ts';
import type { Store } from '../store/store.ts';
import type { ActionLogs } from './action-logs.ts';
import { courses, type Durations, type HostStep, powerOf, type Task, type VmState } from './lifecycle.ts';
import { removeInstance } from './removal.ts';

/** How often a host is asked before the instance counts as broken; with the pauses about 8 s. */
const attempts = 5;

interface TaskRow {
  task: Task | null;
  task_stage: number;
  stage_until: number;
  action_id: string;
}

export interface TaskParts {
  store: Store;
  hosts: Hosts;
  translation: Translation;
  actionLogs: ActionLogs;
  durations: Durations;
  log: Logger;
}

/**
 * Leads instances through what was begun with them: a stage is over when its time has passed and its host has done its
 * part. Every step forward is on disk before the next begins, and a start goes on where the last run ended; a host step
 * may then happen twice, which none of them minds.
 */
export class Tasks {
  readonly #parts: TaskParts;
  readonly #ending = new AbortController();

  constructor(parts: TaskParts) {
    this.#parts = parts;
  }

  /** Goes on with everything that the store says is under way. */
  resume(): void {
    const rows = this.#parts.store.all<{ id: string }>('SELECT id FROM instances WHERE task IS NOT NULL');
    for (const { id } of rows) this.follow(id);
  }

  /** Puts a task into the row, at its first stage; inside the transaction that admitted it. */
  begin(id: string, task: Task, actionId: string): void {
    this.#enter(id, task, 0, actionId);
  }

  /** Leads the instance to the end of its task; to be called once that is on disk. */
  follow(id: string): void {
    this.#run(id).catch((error: unknown) => {
      this.#parts.log.error({ err: error, id }, 'a task was not led to its end');
    });
  }

  /** No step is taken after this; what is under way goes on at the next start. */
  close(): void {
    this.#ending.abort();
  }

  async #run(id: string): Promise<void> {
    for (let row = this.#row(id); row?.task; row = this.#row(id)) {
      const { stages } = courses[row.task];
      const stage = stages[row.task_stage];
      if (stage === undefined) throw new Error(`${row.task} has no stage ${row.task_stage}`);
      const failure = stage.host ? await this.#persist(stage.host, id) : null;
      await this.#rest(row.stage_until - Date.now());
      if (this.#ending.signal.aborted) return;
      if (failure !== null) this.#fail(id, row, failure);
      else if (row.task_stage + 1 < stages.length)
        this.#enter(id, row.task, row.task_stage + 1, row.action_id);
      else this.#finish(id, row.task, row.action_id);
    }
  }

  #row(id: string): TaskRow | undefined {
    return this.#parts.store.get<TaskRow>(
      'SELECT task, task_stage, stage_until, action_id FROM instances WHERE id = ?',
      id,
    );
  }

  #enter(id: string, task: Task, stage: number, actionId: string): void {
    const status = courses[task].stages[stage]?.status;
    if (status === undefined) throw new Error(`${task} has no stage ${stage}`);
    this.#parts.store.run(
      `UPDATE instances SET task = ?, task_stage = ?, stage_until = ?, action_id = ?, status = ?, task_state = ?,
         updated_at = ? WHERE id = ?`,
      task,
      stage,
      Date.now() + this.#parts.durations[status],
      actionId,
      status,
      status,
      new Date().toISOString(),
      id,
    );
  }

  #finish(id: string, task: Task, actionId: string): void {
    const { store, actionLogs, translation } = this.#parts;
    const { to } = courses[task];
    store.transaction(() => {
      if (to === null) removeInstance(store, id);
      else {
        this.#settle(id, to);
        actionLogs.finish(actionId, null);
      }
    });
    // Its Public IPs lead nowhere from now on.
    if (to === null) void translation.program();
  }

  #fail(id: string, { task, action_id }: TaskRow, reason: string): void {
    this.#parts.log.error({ id, task, reason }, 'a task failed');
    this.#parts.store.transaction(() => {
      this.#settle(id, 'error');
      this.#parts.actionLogs.finish(action_id, reason);
    });
  }

  #settle(id: string, state: VmState): void {
    this.#parts.store.run(
      `UPDATE instances SET task = NULL, task_stage = NULL, stage_until = NULL, action_id = NULL, task_state = NULL,
         status = ?, vm_state = ?, power_state = ?, updated_at = ? WHERE id = ?`,
      state,
      state,
      powerOf[state],
      new Date().toISOString(),
      id,
    );
  }

  /** Null once the step was taken, or why it was not. */
  async #persist(step: HostStep, id: string): Promise<string | null> {
    for (let failures = 1; ; failures += 1) {
      try {
        await this.#parts.hosts.carryOut(step, id);
        return null;
      } catch (error) {
        this.#parts.log.warn({ err: error, failures }, 'a host did not do its part');
        if (failures === attempts || this.#ending.signal.aborted) return String(error).slice(0, 500);
        await this.#rest(backOffMs(failures));
      }
    }
  }

  async #rest(ms: number): Promise<void> {
    if (ms > 0) await delay(ms, undefined, { signal: this.#ending.signal }).catch(() => {});
  }
}
