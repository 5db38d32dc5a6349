import { createHash, timingSafeEqual } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ConfirmOutcome,
  confirmOutcomeSchema,
  familySchema,
  type RevertOutcome,
  revisionSchema,
  type Trial,
} from '@moru/types';
import { z } from 'zod';
import { sshdPorts } from '../boot/sshd-ports.ts';
import { escapeControls } from '../firewall/hostile.ts';
import { makeFolder, replaceFile, syncFolder, writeAllNew } from '../process/durable.ts';
import {
  type Ended,
  type Entry,
  entryPath,
  listEntries,
  type Pending,
  pendingName,
  unarmedFolders,
} from './arbiter.ts';
import { uptime } from './clock.ts';
import { keepUndone, readUndone } from './undone.ts';

const familyRecordSchema = z.strictObject({
  family: familySchema,
  /** tables that the change touches, in the order in which they are committed */
  tables: z.array(z.string()),
  before: revisionSchema,
  after: revisionSchema,
});

/** `record.json`: what a trial is, written before it is armed and never changed. */
const recordSchema = z.strictObject({
  id: z.string(),
  author: z.string(),
  note: z.string(),
  save: z.boolean(),
  waitSeconds: z.int(),
  bootId: z.string(),
  startedAt: z.iso.datetime(),
  /** SHA-256 (hex) of the one-time secret */
  secretHash: z.string(),
  idempotencyKey: z.string(),
  /** SHA-256 (hex) of the request */
  requestHash: z.string(),
  families: z.array(familyRecordSchema),
  routes: z
    .strictObject({
      before: revisionSchema,
      after: revisionSchema,
      deleted: z.array(z.string()),
      added: z.array(z.string()),
      keep: z.boolean(),
    })
    .nullable()
    // a record of an agent that knew no routes
    .default(null),
});
export type TrialRecord = z.infer<typeof recordSchema>;

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Whether the secret is the one that was given out; takes as long for any wrong one. */
export function isSecret(secret: string, { secretHash }: TrialRecord): boolean {
  return timingSafeEqual(Buffer.from(sha256(secret), 'hex'), Buffer.from(secretHash, 'hex'));
}

/** Writes a trial's folder as `armed-ID`, every file and name of it on the disk. */
export async function prepare(
  trials: string,
  record: TrialRecord,
  entry: Pending,
  files: ReadonlyMap<string, string>,
): Promise<void> {
  const outer = join(trials, `armed-${record.id}`);
  const folder = join(outer, pendingName(entry));
  try {
    await makeFolder(trials);
    await mkdir(outer, { mode: 0o700 });
    await mkdir(folder, { mode: 0o700 });
    const all = new Map(files).set('record.json', `${JSON.stringify(record, null, 1)}\n`);
    // nothing counts before it is armed
    await writeAllNew(folder, all);
    await Promise.all([folder, outer, trials].map(syncFolder));
  } catch (error) {
    await rm(outer, { recursive: true, force: true });
    throw error;
  }
}

/** Takes away what was prepared and never armed. */
export async function dropUnarmed(trials: string): Promise<void> {
  for (const name of await unarmedFolders(trials))
    await rm(join(trials, name), { recursive: true, force: true });
}

export async function readRecord(trials: string, entry: Entry): Promise<TrialRecord> {
  const text = await readFile(join(trials, entryPath(entry), 'record.json'), 'utf8');
  return recordSchema.parse(JSON.parse(text));
}

/** A file of a trial's folder, at most 64 KiB of it; empty where there is none. */
export async function readNote(trials: string, entry: Entry, name: string): Promise<string> {
  try {
    const file = await open(join(trials, entryPath(entry), name), 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(65_536), 0, 65_536, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}

/** Lines of `key=value`, which the guard can write as well. Control characters never make a second line. */
export function printLines(values: readonly (readonly [key: string, value: string])[]): string {
  return values.map(([key, value]) => `${key}=${value.replaceAll(/[\n\r]/g, ' ')}\n`).join('');
}

function parseLines(text: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const at = line.indexOf('=');
    if (at < 1) continue;
    const key = line.slice(0, at);
    values.set(key, [...(values.get(key) ?? []), line.slice(at + 1)]);
  }
  return values;
}

const isoOrNull = (text: string | undefined) =>
  text && z.iso.datetime().safeParse(text).success ? text : null;

function parseRevert(text: string, { reason }: Ended): RevertOutcome | null {
  if (reason === null) return null;
  const values = parseLines(text);
  const [by] = values.get('by') ?? [];
  const full = Number(values.get('connections-full')?.[0] ?? 0);
  return {
    ...(Number.isInteger(full) && full > 0 && { connectionsFull: full }),
    reason,
    by: by === 'guard' || by === 'agent' || by === 'command' ? by : null,
    at: isoOrNull(values.get('at')?.[0]),
    author: values.get('author')?.[0] ?? null,
    steps: (values.get('step') ?? []).flatMap((step) => {
      const [, what = '', exitCode = '', tries = ''] = /^(.+) (\d+) (\d+)$/.exec(step) ?? [];
      return what === '' ? [] : [{ what, exitCode: Number(exitCode), tries: Number(tries) }];
    }),
    words: escapeControls((values.get('words') ?? []).join('\n')),
  };
}

function parseConfirm(text: string): ConfirmOutcome | null {
  const values = parseLines(text);
  const generation = values.get('generation')?.[0];
  const parsed = confirmOutcomeSchema.safeParse({
    at: values.get('at')?.[0],
    generation: generation ? Number(generation) : null,
    saved: values.get('saved') ?? [],
    kept: values.get('kept') ?? [],
    trouble: values.get('trouble')?.[0] ?? '',
  });
  return parsed.success ? parsed.data : null;
}

/** Keeps how a trial ended. */
export async function writeOutcome(
  trials: string,
  entry: Ended,
  values: readonly (readonly [key: string, value: string])[],
): Promise<void> {
  await replaceFile(join(trials, entryPath(entry), 'outcome'), printLines(values));
}

/** The trial as its record has it. */
export async function readTrial(trials: string, entry: Entry): Promise<Trial> {
  const record = await readRecord(trials, entry);
  const revisions: Trial['revisions'] = {};
  for (const { family, before, after } of record.families) revisions[family] = { before, after };
  if (record.routes) revisions.routes = { before: record.routes.before, after: record.routes.after };
  const { id, author, note, save, waitSeconds, startedAt, idempotencyKey } = record;
  const outcome = entry.state === 'pending' ? '' : await readNote(trials, entry, 'outcome');
  const reverted = entry.state === 'reverted' ? parseRevert(outcome, entry) : null;
  const undone = reverted ? await readUndone(join(trials, entryPath(entry))) : {};
  const trouble = entry.state === 'reverting' ? await readNote(trials, entry, 'trouble') : '';
  return {
    id,
    state: entry.state === 'pending' ? entry.phase : entry.state,
    author,
    note,
    save,
    waitSeconds,
    startedAt,
    remainingMs: entry.state === 'pending' ? Math.max(0, (entry.deadline - uptime()) * 10) : null,
    revisions,
    routes: shownRoutes(record),
    key: idempotencyKey,
    sshPorts: await sshdPorts(),
    reverted: reverted && { ...reverted, ...undone },
    confirmed: entry.state === 'confirmed' ? parseConfirm(outcome) : null,
    trouble: trouble === '' ? null : escapeControls(trouble.trim()),
  };
}

function shownRoutes({ routes }: TrialRecord): Trial['routes'] {
  if (!routes) return null;
  const { deleted, added, keep } = routes;
  return { deleted, added, keep };
}

/** What is only of use until a trial has ended; rules of 50 trials would fill the disk. */
const workFiles =
  /^(?:revert|tidy|chains|snapshot|after|initial|want|gone|found)\.|^(?:(?:plan|alive|applier|committing|worker|trouble)(?:\.new)?|(?:keep|revisions)\.json)$/;

export async function dropWorkFiles(trials: string, entry: Ended): Promise<void> {
  const folder = join(trials, entryPath(entry));
  if (entry.state === 'reverted') await keepUndone(folder);
  const names = await readdir(folder).catch(() => []);
  await Promise.all(
    names.filter((name) => workFiles.test(name)).map((name) => rm(join(folder, name), { force: true })),
  );
}

/** How many ended trials a host keeps. */
const keptTrials = 50;

/** Takes away the oldest ended trials beyond those that are kept, and what of the others is of no use any more. */
export async function pruneTrials(trials: string): Promise<void> {
  const entries = (await listEntries(trials)).filter((entry) => entry.state !== 'pending');
  const ended: { entry: Ended; startedAt: string }[] = [];
  for (const entry of entries) {
    if (entry.state === 'reverting') continue;
    const record = await readRecord(trials, entry).catch(() => null);
    ended.push({ entry, startedAt: record?.startedAt ?? '' });
    if (entry.state === 'reverted') await dropWorkFiles(trials, entry);
  }
  ended.sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  for (const { entry } of ended.slice(keptTrials)) {
    await rm(join(trials, entryPath(entry)), { recursive: true, force: true });
  }
}
