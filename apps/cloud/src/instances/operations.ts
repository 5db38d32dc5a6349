import type { RebuildInstance, UpdateInstance } from '@moru/kakaocloud';
import { ApiFailure } from '../http/failure.ts';
import type { Account } from '../iam/accounts.ts';
import type { KeyPairs } from '../key-pairs/key-pairs.ts';
import type { Store } from '../store/store.ts';
import type { ActionLogs, Doer } from './action-logs.ts';
import { noSuchInstance } from './instances.ts';
import { refusal, type Task, type VmState } from './lifecycle.ts';
import type { Tasks } from './tasks.ts';

interface StateRow {
  vm_state: VmState;
  task_state: string | null;
}

/** Whose call it is, and by which request. */
export interface Call {
  caller: Account;
  requestId: string;
}

/**
 * What may be done with an instance. All methods throw ApiFailure 404 for what the project does not have and 409 for
 * what its state forbids; what they begin goes on after they have returned.
 */
export class InstanceOperations {
  readonly #store: Store;
  readonly #tasks: Tasks;
  readonly #actionLogs: ActionLogs;
  readonly #keyPairs: KeyPairs;

  constructor(store: Store, tasks: Tasks, actionLogs: ActionLogs, keyPairs: KeyPairs) {
    this.#store = store;
    this.#tasks = tasks;
    this.#actionLogs = actionLogs;
    this.#keyPairs = keyPairs;
  }

  begin(call: Call, id: string, task: Exclude<Task, 'create' | 'rebuild'>): void {
    this.#begin(call, id, task, () => {});
  }

  /** A fresh image, and the key pair that is named or the one it had. */
  rebuild(call: Call, id: string, { image_id, key_name }: RebuildInstance): void {
    this.#begin(call, id, 'rebuild', () => {
      if (this.#store.get('SELECT 1 FROM images WHERE id = ?', image_id) === undefined) {
        throw new ApiFailure(400, `rebuild.image_id: there is no image ${image_id} for bare metal`);
      }
      this.#store.run('UPDATE instances SET image_id = ? WHERE id = ?', image_id, id);
      if (key_name == null) return;
      const { public_key } = this.#keyPairs.named(call.caller, key_name, 'rebuild.key_name');
      this.#store.run(
        'UPDATE instances SET key_name = ?, authorized_key = ? WHERE id = ?',
        key_name,
        public_key,
        id,
      );
    });
  }

  /** The host keeps the name that it was made with. */
  update({ caller }: Call, id: string, { name, description }: UpdateInstance): void {
    const { task_state } = this.#state(caller, id);
    if (task_state === 'deleting') throw new ApiFailure(409, 'The instance is being deleted');
    const now = new Date().toISOString();
    const set = (column: 'name' | 'description', value: string) =>
      this.#store.run(`UPDATE instances SET ${column} = ?, updated_at = ? WHERE id = ?`, value, now, id);
    this.#store.transaction(() => {
      if (name != null) set('name', name);
      if (description !== undefined) set('description', description ?? '');
    });
  }

  /** For what bare metal cannot do: 404 first, so that nobody learns of instances that are not theirs. */
  refuse({ caller }: Call, id: string, reason: string): never {
    this.#state(caller, id);
    throw new ApiFailure(409, reason);
  }

  #begin({ caller, requestId }: Call, id: string, task: Exclude<Task, 'create'>, change: () => void): void {
    const doer: Doer = { userId: caller.userId, requestId };
    this.#store.transaction(() => {
      const reason = refusal(task, this.#state(caller, id));
      if (reason !== null) throw new ApiFailure(409, reason);
      change();
      this.#tasks.begin(id, task, this.#actionLogs.begin(id, task, doer));
    });
    this.#tasks.follow(id);
  }

  #state({ projectId }: Account, id: string): StateRow {
    const row = this.#store.get<StateRow>(
      'SELECT vm_state, task_state FROM instances WHERE project_id = ? AND id = ?',
      projectId,
      id,
    );
    if (row === undefined) throw noSuchInstance(id);
    return row;
  }
}
