import type { DraftSave, Drafts, KeptDraft, OffRule } from '@moru/types';
import type { Database } from '../store/store.ts';

/** An empty one is remembered this long, so that windows that were left open learn that it is empty. */
const emptyMs = 24 * 3_600_000;
/** What nobody has touched for a year is of rules that are long gone. */
const forgottenMs = 365 * emptyMs;

/** Whose draft, and of which host. */
export interface DraftPlace {
  instanceId: string;
  projectId: string;
  user: { id: string; name: string };
}

export type DraftRecords = ReturnType<typeof createDraftRecords>;

/** Drafts of hosts' rules, one for each user, and what is switched off on a host for everybody. */
export function createDraftRecords(db: Database, now: () => number = Date.now) {
  const own = ({ instanceId, user }: DraftPlace) =>
    db.selectFrom('draft').where('draft.instance_id', '=', instanceId).where('draft.user_id', '=', user.id);

  const offRules = async (instanceId: string): Promise<OffRule[]> => {
    const found = db.selectFrom('off_rules').select('rules').where('instance_id', '=', instanceId);
    return JSON.parse((await found.executeTakeFirst())?.rules ?? '[]');
  };

  const insert = (place: DraftPlace, save: DraftSave) =>
    db
      .insertInto('draft')
      .values({
        ...{ instance_id: place.instanceId, user_id: place.user.id, user_name: place.user.name },
        ...{ project_id: place.projectId, version: 1, trial_key: null, base: JSON.stringify(save.base) },
        ...contentOf(save, now()),
      })
      .onConflict((conflict) => conflict.columns(['instance_id', 'user_id']).doNothing())
      .executeTakeFirst();

  return {
    async drafts({ instanceId, projectId, user }: DraftPlace): Promise<Drafts> {
      const rows = await db
        .selectFrom('draft')
        .select(['user_id', 'user_name', 'project_id', 'version', 'step_count', 'updated_at'])
        .where('instance_id', '=', instanceId)
        .orderBy('updated_at', 'desc')
        .limit(100)
        .execute();
      return {
        version: rows.find(({ user_id }) => user_id === user.id)?.version ?? 0,
        others: rows
          .filter((row) => row.user_id !== user.id && row.project_id === projectId && row.step_count > 0)
          .map((row) => ({
            name: row.user_name,
            steps: row.step_count,
            at: new Date(row.updated_at).toISOString(),
          })),
        off: await offRules(instanceId),
      };
    },

    /** One's own; null where there never was one. */
    async read(place: DraftPlace): Promise<KeptDraft | null> {
      const row = await own(place)
        .leftJoin('trial', (join) => join.onRef('trial.key', '=', 'draft.trial_key'))
        .selectAll('draft')
        .select(['trial.trial_id', 'trial.ended_at', 'trial.key as known_trial'])
        .executeTakeFirst();
      if (!row) return null;
      const { version, revision, next_step: next } = row;
      return {
        ...{ version, revision, next, steps: JSON.parse(row.steps), base: JSON.parse(row.base) },
        trial: row.known_trial !== null && row.ended_at === null ? { id: row.trial_id } : null,
      };
    },

    /** The new version; null where another one than the named is kept, or where it is on the host as a trial. */
    async save(place: DraftPlace, save: DraftSave): Promise<number | null> {
      if (save.version === 0) {
        if (save.base === null) return null;
        return (await insert(place, save)).numInsertedOrUpdatedRows === 1n ? 1 : null;
      }
      const { numUpdatedRows } = await db
        .updateTable('draft')
        .set({
          ...contentOf(save, now()),
          ...{ version: save.version + 1, user_name: place.user.name, trial_key: null },
          ...(save.base !== null && { base: JSON.stringify(save.base) }),
        })
        .where('instance_id', '=', place.instanceId)
        .where('user_id', '=', place.user.id)
        .where('version', '=', save.version)
        .where((row) =>
          row.not(
            row.exists(
              row
                .selectFrom('trial')
                .select('trial.key')
                .whereRef('trial.key', '=', 'draft.trial_key')
                .where('trial.ended_at', 'is', null),
            ),
          ),
        )
        .$if(save.base === null, (update) => update.where('revision', '=', save.revision))
        .executeTakeFirst();
      return numUpdatedRows === 1n ? save.version + 1 : null;
    },

    /** The draft goes to the host, from the rules of this revision. One of other rules is left alone. */
    async tried(place: DraftPlace, revision: string, key: string): Promise<void> {
      await db
        .updateTable('draft')
        .set({ trial_key: key })
        .where('instance_id', '=', place.instanceId)
        .where('user_id', '=', place.user.id)
        .where('revision', '=', revision)
        .where('step_count', '>', 0)
        .execute();
    },

    /** The trial's end is known: kept, nothing is left of the draft but what it switched off; else it is free again. */
    async ended(instanceId: string, key: string, kept: boolean): Promise<void> {
      await db.transaction().execute(async (transaction) => {
        const row = await transaction
          .selectFrom('draft')
          .select(['user_id', 'off', 'version'])
          .where('instance_id', '=', instanceId)
          .where('trial_key', '=', key)
          .executeTakeFirst();
        if (!row) return;
        const done = { steps: '[]', step_count: 0, version: row.version + 1, updated_at: now() };
        const { numUpdatedRows } = await transaction
          .updateTable('draft')
          .set({ trial_key: null, ...(kept && done) })
          .where('instance_id', '=', instanceId)
          .where('user_id', '=', row.user_id)
          .where('trial_key', '=', key)
          .executeTakeFirst();
        if (!kept || numUpdatedRows === 0n) return;
        await transaction
          .insertInto('off_rules')
          .values({ instance_id: instanceId, rules: row.off })
          .onConflict((conflict) => conflict.column('instance_id').doUpdateSet({ rules: row.off }))
          .execute();
      });
    },

    async sweep(): Promise<void> {
      await db
        .deleteFrom('draft')
        .where('trial_key', 'is', null)
        .where((row) =>
          row.or([
            row.and([row('step_count', '=', 0), row('updated_at', '<', now() - emptyMs)]),
            row('updated_at', '<', now() - forgottenMs),
          ]),
        )
        .execute();
    },
  };
}

function contentOf({ revision, steps, next, off }: DraftSave, at: number) {
  return {
    ...{ revision, steps: JSON.stringify(steps), step_count: steps.length },
    ...{ next_step: next, off: JSON.stringify(off), updated_at: at },
  };
}
