import { type InstanceListPreference, instanceListPreferenceSchema, type Preferences } from '@moru/types';
import type { Database } from '../store/store.ts';

const instanceList = 'instance-list';

export type PreferenceRecords = ReturnType<typeof createPreferenceRecords>;

/** How users like their own screens; the last of two windows that save counts. */
export function createPreferenceRecords(db: Database, now: () => number = Date.now) {
  return {
    async read(userId: string): Promise<Preferences> {
      const row = await db
        .selectFrom('preference')
        .select('value')
        .where('user_id', '=', userId)
        .where('name', '=', instanceList)
        .executeTakeFirst();
      if (!row) return { instanceList: null };
      // what another release has kept may have columns that this one does not know
      const kept = instanceListPreferenceSchema.safeParse(JSON.parse(row.value));
      return { instanceList: kept.data ?? null };
    },

    async saveInstanceList(userId: string, preference: InstanceListPreference): Promise<void> {
      const values = { value: JSON.stringify(preference), updated_at: now() };
      await db
        .insertInto('preference')
        .values({ user_id: userId, name: instanceList, ...values })
        .onConflict((conflict) => conflict.columns(['user_id', 'name']).doUpdateSet(values))
        .execute();
    },
  };
}
