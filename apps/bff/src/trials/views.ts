import type { Trial, TrialView } from '@moru/types';
import { seenOf, type TrialRow } from './records.ts';

const iso = (ms: number) => new Date(ms).toISOString();
const isOpen = ({ state }: Trial) => state === 'armed' || state === 'applied';

/** A trial as its host has just told it. `row`: what this console knows of it, if it came through here. */
export function liveView(instanceId: string, trial: Trial, row: TrialRow | null, userId: string): TrialView {
  const remaining = trial.remainingMs;
  return {
    ...{ instanceId, trial, key: trial.key, note: trial.note },
    ...whoseOf(row, userId, isOpen(trial)),
    contact: true,
    heardAt: iso(Date.now()),
    deadlineAt: remaining === null ? null : iso(Date.now() + remaining),
  };
}

/** The same from memory, for a host that does not answer. */
export function rememberedView(row: TrialRow, userId: string): TrialView {
  const trial = seenOf(row);
  return {
    ...{ instanceId: row.instance_id, trial, key: row.key, note: row.note },
    ...whoseOf(row, userId, trial === null || isOpen(trial)),
    contact: false,
    heardAt: row.seen_at === null ? null : iso(row.seen_at),
    deadlineAt: trial === null || isOpen(trial) ? iso(row.deadline_at) : null,
  };
}

function whoseOf(row: TrialRow | null, userId: string, open: boolean) {
  const confirmable = open && row !== null && row.secret !== null;
  return {
    appliedBy: row && { id: row.user_id, name: row.user_name },
    mine: confirmable && row.user_id === userId,
    confirmable,
  };
}
