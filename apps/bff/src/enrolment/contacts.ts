import type { CheckInRequest } from '@moru/types';
import type { Selectable } from 'kysely';
import type { HostContactTable } from '../store/schema.ts';
import type { Database } from '../store/store.ts';

export type ContactRow = Selectable<HostContactTable>;

export interface Contacts {
  /** what a host said of itself */
  checkedIn(instanceId: string, said: CheckInRequest): Promise<void>;
  /** the host answered a request of ours; noted once a minute, and a full disk keeps nobody from reading */
  answered(instanceId: string): void;
}

const noteMs = 60_000;
/** Hosts of which the last note is remembered; forgetting one costs a write more. */
const maximumHosts = 20_000;

export function createContacts(db: Database, now: () => number = Date.now): Contacts {
  const noted = new Map<string, number>();
  return {
    async checkedIn(instanceId, { agent, api, authorities }) {
      const at = now();
      const said = { agent, api, authorities: authorities.join(' '), checked_in_at: at, contact_at: at };
      await db
        .insertInto('host_contact')
        .values({ instance_id: instanceId, ...said })
        .onConflict((conflict) => conflict.column('instance_id').doUpdateSet(said))
        .execute();
    },

    answered(instanceId) {
      const last = noted.get(instanceId);
      if (last !== undefined && Math.abs(now() - last) < noteMs) return;
      if (noted.size >= maximumHosts) noted.clear();
      noted.set(instanceId, now());
      db.updateTable('host_contact')
        .set({ contact_at: now() })
        .where('instance_id', '=', instanceId)
        .execute()
        .catch(() => undefined);
    },
  };
}
