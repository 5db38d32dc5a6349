import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Family,
  type FirewallState,
  familySchema,
  revisionSchema,
  type WatchedFamily,
} from '@moru/types';
import { z } from 'zod';
import { readRestoreRecord } from '../boot/routes.ts';
import { listGenerations } from '../generations/store.ts';
import { type Entry, listEntries } from '../trial/arbiter.ts';
import type { TrialHost } from '../trial/host.ts';
import { readRecord } from '../trial/record.ts';

/** Rules that Moru has left on the host, at a time (ISO); either of two while a trial is under way. */
interface Left {
  at: string;
  revisions: readonly string[];
}

const leftSchema = z.object({ at: z.string(), revision: revisionSchema });
const madeSchema = z.object({ ipv4: leftSchema.optional(), ipv6: leftSchema.optional() });

const madePath = (stateFolder: string) => join(stateFolder, 'made.json');

async function readMade(stateFolder: string): Promise<z.infer<typeof madeSchema>> {
  try {
    return madeSchema.parse(JSON.parse(await readFile(madePath(stateFolder), 'utf8')));
  } catch {
    return {};
  }
}

/**
 * Notes the rules that a change without a trial has left, or that somebody has saved for the next boot and so made
 * Moru's. It is read to tell what is Moru's from what is not, and no
 * more hangs on it: where the disk does not take it, the change is shown as somebody else's.
 */
export async function noteMade(stateFolder: string, family: Family, revision: string): Promise<void> {
  const made = { ...(await readMade(stateFolder)), [family]: { at: new Date().toISOString(), revision } };
  const path = madePath(stateFolder);
  try {
    await writeFile(`${path}.new`, JSON.stringify(made), { mode: 0o600 });
    await rename(`${path}.new`, path);
  } catch {
    // see above
  }
}

/**
 * The revisions of which the rules have one if nobody but Moru has changed them; a family that it never changed is
 * left out.
 */
export async function readLeft(host: TrialHost): Promise<Partial<Record<Family, readonly string[]>>> {
  const { config, trials } = host;
  const made = await readMade(config.stateFolder);
  const entries = await listEntries(trials);
  const byTrials = (await Promise.all(entries.map((entry) => leftByTrial(trials, entry)))).flat();
  const left: Partial<Record<Family, readonly string[]>> = {};
  for (const family of familySchema.options) {
    const direct = made[family];
    const all = [
      direct && { at: direct.at, revisions: [direct.revision] },
      await leftByBoot(host, family),
      ...byTrials.filter((each) => each.family === family),
    ];
    const last = all.reduce<Left | null>((a, b) => (b && (!a || b.at > a.at) ? b : a), null);
    if (last) left[family] = last.revisions;
  }
  return left;
}

/**
 * What a state says of rules that somebody else has made; nothing where Moru's own records cannot be read. `watched`:
 * what was last seen of them, where that is known.
 */
export async function outsideOf(
  host: TrialHost,
  family: Family,
  revision: string,
  watched: WatchedFamily | null,
): Promise<FirewallState['outside']> {
  if (watched?.revision === revision) return watched.outside ? { seenAt: watched.seenAt } : null;
  const all = await readLeft(host).catch(() => null);
  if (!all) return undefined;
  const left = all[family];
  return left && !left.includes(revision) ? { seenAt: null } : null;
}

async function leftByTrial(trials: string, entry: Entry): Promise<(Left & { family: Family })[]> {
  try {
    const { families, startedAt } = await readRecord(trials, entry);
    // what a reboot left is told by the record of the boot
    if (entry.state === 'reverted' && entry.reason === 'reboot') return [];
    return families.map(({ family, before, after }) => ({
      family,
      at: startedAt,
      revisions: {
        confirmed: [after],
        reverted: [before],
        reverting: [before, after],
        pending: [before, after],
      }[entry.state],
    }));
  } catch {
    // it moves at this moment, or is damaged
    return [];
  }
}

async function leftByBoot({ config }: TrialHost, family: Family): Promise<Left | null> {
  const record = await readRestoreRecord(config.stateFolder);
  const restored = record?.[family];
  if (!record || !restored || !['file', 'generation'].includes(restored.source)) return null;
  const saved = (await listGenerations(config.stateFolder)).filter((each) => each.saved.includes(family));
  const loaded =
    restored.generation === null ? saved[0] : saved.find(({ number }) => number === restored.generation);
  const revision = loaded?.revisions[family];
  return revision ? { at: record.at, revisions: [revision] } : null;
}
