import { type Trial, trialSchema } from '@moru/types';
import type { Selectable } from 'kysely';
import type { TrialTable } from '../store/schema.ts';
import type { SecretBox } from '../store/secret-box.ts';
import type { Database } from '../store/store.ts';

export type TrialRow = Selectable<TrialTable>;

/** Between the request and the moment from which the host counts: rules are read, tested and loaded in it. */
const applyingMs = 60_000;
/** How long an ended trial can be looked at here; the host keeps its own record. */
const keptMs = 24 * 3_600_000;
/** One of which nothing was heard again: its host is gone, or was made anew. */
const forgottenMs = 7 * keptMs;

/** How the key of a trial begins that a roll-out has started, and ends by itself. */
export const rolloutKeyPrefix = 'rollout-';

export interface NewTrial {
  key: string;
  instanceId: string;
  projectId: string;
  user: { id: string; name: string };
  note: string;
  waitSeconds: number;
}

/** Whether its end is decided. */
export const isOver = ({ state }: Trial): boolean => state === 'confirmed' || state === 'reverted';

export type TrialRecords = ReturnType<typeof createTrialRecords>;

/** What this console knows of trials: who applied them, what confirms them, what was last heard. */
export function createTrialRecords(db: Database, box: SecretBox, now: () => number = Date.now) {
  return {
    /** Written before the request leaves, so that a lost answer leaves something to find the trial by. */
    async begin({ key, instanceId, projectId, user, note, waitSeconds }: NewTrial): Promise<void> {
      await db
        .insertInto('trial')
        .values({
          ...{ key, instance_id: instanceId, project_id: projectId, note },
          ...{
            user_id: user.id,
            user_name: user.name,
            trial_id: null,
            secret: null,
            seen: null,
            seen_at: null,
          },
          deadline_at: now() + applyingMs + waitSeconds * 1000,
          sent_at: now(),
          ended_at: null,
        })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .execute();
    },

    /** The request certainly made no trial. */
    async drop(key: string): Promise<void> {
      await db.deleteFrom('trial').where('key', '=', key).where('trial_id', 'is', null).execute();
    },

    /** Takes over what the host says; null for a trial that did not come through this console. */
    async learn(instanceId: string, trial: Trial, secret: string | null = null): Promise<TrialRow | null> {
      const deadline = trial.remainingMs === null ? {} : { deadline_at: now() + trial.remainingMs };
      await db
        .updateTable('trial')
        .set({
          ...{ trial_id: trial.id, seen: JSON.stringify(trial), seen_at: now(), ...deadline },
          ...(secret !== null && { secret: box.seal(secret, trial.key) }),
        })
        .where('key', '=', trial.key)
        .where('instance_id', '=', instanceId)
        .execute();
      return this.byTrial(instanceId, trial.id);
    },

    /** Notes that it is over, in somebody's transaction; false where that was known already. */
    async end(transaction: Database, instanceId: string, { key }: Trial): Promise<boolean> {
      const { numUpdatedRows } = await transaction
        .updateTable('trial')
        .set({ ended_at: now(), secret: null })
        .where('key', '=', key)
        .where('instance_id', '=', instanceId)
        .where('ended_at', 'is', null)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },

    async byTrial(instanceId: string, trialId: string): Promise<TrialRow | null> {
      const found = db
        .selectFrom('trial')
        .selectAll()
        .where('instance_id', '=', instanceId)
        .where('trial_id', '=', trialId);
      return (await found.executeTakeFirst()) ?? null;
    },

    async byKey(key: string): Promise<TrialRow | null> {
      return (await db.selectFrom('trial').selectAll().where('key', '=', key).executeTakeFirst()) ?? null;
    },

    /** The newest of a host whose end nobody has heard of yet. */
    async openOf(instanceId: string): Promise<TrialRow | null> {
      const found = db
        .selectFrom('trial')
        .selectAll()
        .where('instance_id', '=', instanceId)
        .where('ended_at', 'is', null)
        .orderBy('sent_at', 'desc');
      return (await found.executeTakeFirst()) ?? null;
    },

    /** Without those of roll-outs, which nobody has to look after. */
    openIn: (projectId: string): Promise<TrialRow[]> =>
      db
        .selectFrom('trial')
        .selectAll()
        .where('project_id', '=', projectId)
        .where('key', 'not like', `${rolloutKeyPrefix}%`)
        .where('ended_at', 'is', null)
        .orderBy('sent_at')
        .limit(200)
        .execute(),

    /** null where this console was never told, or its key has been exchanged since */
    secretOf({ key, secret }: TrialRow): string | null {
      if (secret === null) return null;
      try {
        return box.open(secret, key);
      } catch {
        return null;
      }
    },

    async sweep(): Promise<void> {
      await db
        .deleteFrom('trial')
        .where((row) =>
          row.or([row('ended_at', '<', now() - keptMs), row('sent_at', '<', now() - forgottenMs)]),
        )
        .execute();
    },
  };
}

/** What was last heard of a trial. */
export const seenOf = ({ seen }: Pick<TrialRow, 'seen'>): Trial | null =>
  seen === null ? null : trialSchema.parse(JSON.parse(seen));
