import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type RevertReason, revertReasonSchema } from '@moru/types';
import { errorCode, syncFolder } from '../process/durable.ts';

/**
 * The state of a trial is the name of its folder, so that one rename(2) decides, whoever else tries at the same
 * moment, with a full disk too:
 *
 *     armed-ID/ID.armed.DEADLINE     being prepared; means nothing yet
 *     pending/ID.armed.DEADLINE      the way back is ready, the rules are about to change
 *     pending/ID.applied.DEADLINE    the new rules are in force
 *     confirmed-ID                   they stay
 *     reverting-ID.REASON            the old rules are being put back
 *     reverted-ID.REASON             they are back
 *
 * DEADLINE is in hundredths of a second since boot. Extending moves it by the same rename: whoever claims a trial
 * that was extended meanwhile finds its name gone. Arming renames `armed-ID` to `pending`, which fails while a trial
 * is in there (ENOTEMPTY), so there is one at most; and a claim names the trial's id, so it never takes another one.
 */
export type Phase = 'armed' | 'applied';

export interface Pending {
  state: 'pending';
  id: string;
  phase: Phase;
  /** hundredths of a second since boot */
  deadline: number;
}

export interface Ended {
  state: 'confirmed' | 'reverting' | 'reverted';
  id: string;
  reason: RevertReason | null;
}

export type Entry = Pending | Ended;

export const pendingName = ({ id, phase, deadline }: Omit<Pending, 'state'>) => `${id}.${phase}.${deadline}`;

/** The folder of a trial below the trials' folder. */
export function entryPath(entry: Entry): string {
  if (entry.state === 'pending') return join('pending', pendingName(entry));
  return `${entry.state}-${entry.id}${entry.reason === null ? '' : `.${entry.reason}`}`;
}

function parsePending(name: string): Pending | null {
  const parts = /^([0-9a-f]+)\.(armed|applied)\.(\d+)$/.exec(name);
  const [, id, phase, deadline] = parts ?? [];
  if (id === undefined || phase === undefined) return null;
  return { state: 'pending', id, phase: phase as Phase, deadline: Number(deadline) };
}

function parseEnded(name: string): Ended | null {
  const parts = /^(?:(confirmed)-([0-9a-f]+)|(reverting|reverted)-([0-9a-f]+)\.(\w+))$/.exec(name);
  if (!parts) return null;
  if (parts[2] !== undefined) return { state: 'confirmed', id: parts[2], reason: null };
  const reason = revertReasonSchema.safeParse(parts[5]);
  if (!reason.success || parts[4] === undefined) return null;
  return { state: parts[3] as 'reverting' | 'reverted', id: parts[4], reason: reason.data };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** The trial that waits for its end, if there is one. */
export async function findPending(trials: string): Promise<Pending | null> {
  const names = await namesIn(join(trials, 'pending'));
  return names.map(parsePending).find((entry) => entry !== null) ?? null;
}

/** All trials of the host. One that moves meanwhile is seen in one of its states, maybe in both, never in none. */
export async function listEntries(trials: string): Promise<Entry[]> {
  const pending = await findPending(trials);
  const ended = (await namesIn(trials)).map(parseEnded).filter((entry) => entry !== null);
  return pending ? [pending, ...ended] : ended;
}

/** Folders of trials that were never armed. */
export async function unarmedFolders(trials: string): Promise<string[]> {
  return (await namesIn(trials)).filter((name) => name.startsWith('armed-'));
}

/** True when this rename moved the trial; false when another was first. */
async function move(trials: string, from: string, to: string): Promise<boolean> {
  try {
    await rename(join(trials, from), join(trials, to));
  } catch (error) {
    if (['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
  await syncFolder(trials);
  return true;
}

/** Puts a prepared trial into the one place for it; false when another one is there. */
export function arm(trials: string, id: string): Promise<boolean> {
  return move(trials, `armed-${id}`, 'pending');
}

/** Another phase or deadline for a pending trial; null when its end was decided meanwhile. */
export async function advance(
  trials: string,
  pending: Pending,
  change: Partial<Pick<Pending, 'phase' | 'deadline'>>,
): Promise<Pending | null> {
  const next = { ...pending, ...change };
  return (await move(trials, entryPath(pending), entryPath(next))) ? next : null;
}

/** Decides the end of a pending trial; null when somebody else decided it, or it was extended, meanwhile. */
export async function claim(
  trials: string,
  pending: Pending,
  end: 'confirmed' | { reverting: RevertReason },
): Promise<Ended | null> {
  const claimed: Ended =
    end === 'confirmed'
      ? { state: 'confirmed', id: pending.id, reason: null }
      : { state: 'reverting', id: pending.id, reason: end.reverting };
  return (await move(trials, entryPath(pending), entryPath(claimed))) ? claimed : null;
}

/** Closes a trial whose rules are back; null when another one closed it. */
export async function close(trials: string, reverting: Ended): Promise<Ended | null> {
  const closed: Ended = { ...reverting, state: 'reverted' };
  return (await move(trials, entryPath(reverting), entryPath(closed))) ? closed : null;
}
