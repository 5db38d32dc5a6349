import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSave } from '@moru/netfilter';
import {
  type ConfirmOutcome,
  type Family,
  familySchema,
  type Generation,
  type NetworkRoute,
  revisionSchema,
} from '@moru/types';
import { z } from 'zod';
import { rulesFileOf } from '../firewall/outputs.ts';
import { revisionOf } from '../firewall/revision.ts';
import { writeRulesFile } from '../firewall/rules-file.ts';
import { keepGeneration, listGenerations, type NewGeneration } from '../generations/store.ts';
import { messageOf } from '../log.ts';
import { errorCode } from '../process/durable.ts';
import { failpoint } from '../process/failpoints.ts';
import { writePersist } from '../routing/keep/persist.ts';
import { type Ended, entryPath, listEntries } from './arbiter.ts';
import type { TrialHost } from './host.ts';
import { dropWorkFiles, readNote, readRecord, type TrialRecord, writeOutcome } from './record.ts';
import { ownedSave } from './rewrite.ts';
import type { RoutesToKeep } from './routes-change.ts';

type RuleFiles = Partial<Record<Family, { file: string }>>;

/**
 * The files `KIND.ipv4` and `KIND.ipv6` of a trial, those that are there. They are not read where it can be helped:
 * those of a large host would be in the memory of the agent, which stays as large as it once was.
 */
async function ruleFilesOf(trials: string, entry: Ended, kind: string): Promise<RuleFiles> {
  const files: RuleFiles = {};
  for (const family of familySchema.options) {
    const file = join(trials, entryPath(entry), `${kind}.${family}`);
    try {
      await access(file);
      files[family] = { file };
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
  return files;
}

/** Lasting routes as KIND (`snapshot`, `after`) has them; null where the trial changed none. */
async function readRoutesFile(trials: string, entry: Ended, kind: string): Promise<NetworkRoute[] | null> {
  try {
    const text = await readFile(join(trials, entryPath(entry), `${kind}.routes`), 'utf8');
    return JSON.parse(text) as NetworkRoute[];
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

async function revisionsOf(rules: RuleFiles): Promise<Generation['revisions']> {
  const revisions: Generation['revisions'] = {};
  for (const family of familySchema.options) {
    const file = rules[family]?.file;
    if (file === undefined) continue;
    const text = await readFile(file, 'utf8');
    revisions[family] = revisionOf(parseSave(text, { family, unreadable: 'keep' }));
  }
  return revisions;
}

const toldSchema = z.object({ ipv4: revisionSchema.optional(), ipv6: revisionSchema.optional() });

/** As they were told when the trial was armed; read from the rules themselves where it was not. */
async function readRevisions(
  trials: string,
  entry: Ended,
  side: 'before' | 'after',
  rules: RuleFiles,
): Promise<Generation['revisions']> {
  try {
    const text = await readFile(join(trials, entryPath(entry), 'revisions.json'), 'utf8');
    return toldSchema.parse(JSON.parse(text)[side]);
  } catch {
    return await revisionsOf(rules);
  }
}

/**
 * Does what a confirmed trial still asks for: the rules files, where it is to be saved, and the generation. Begun anew
 * after being cut off it ends in the same. The rules stay confirmed whatever fails here: `trouble` says what did.
 */
export async function finishConfirmed(host: TrialHost, confirmed: Ended): Promise<ConfirmOutcome> {
  failpoint('confirmClaimed');
  const { trials, config } = host;
  const record = await readRecord(trials, confirmed);
  const rules = await ruleFilesOf(trials, confirmed, 'after');
  const trouble: string[] = [];
  const saved = record.save ? await saveFiles(host, record, rules, trouble) : [];
  const kept = record.routes?.keep ? await keepRoutes(trials, confirmed, trouble) : [];
  let generation: Generation | null = null;
  try {
    await keepInitial(host, record, confirmed);
    generation = await keepGeneration(config.stateFolder, {
      at: new Date().toISOString(),
      author: record.author,
      note: record.note,
      reason: 'trial',
      trial: record.id,
      revisions: {
        ...(await readRevisions(trials, confirmed, 'after', rules)),
        ...(record.routes && { routes: record.routes.after }),
      },
      saved,
      rules,
      routes: await readRoutesFile(trials, confirmed, 'after'),
    });
  } catch (error) {
    trouble.push(messageOf(error));
  }
  failpoint('generationKept');
  const outcome: ConfirmOutcome = {
    at: new Date().toISOString(),
    generation: generation?.number ?? null,
    saved,
    kept,
    trouble: trouble.join(' '),
  };
  await recordOutcome(trials, confirmed, outcome);
  failpoint('confirmRecorded');
  return outcome;
}

async function saveFiles(
  { config }: TrialHost,
  record: TrialRecord,
  rules: RuleFiles,
  trouble: string[],
): Promise<Family[]> {
  const saved: Family[] = [];
  for (const { family } of record.families) {
    const file = rules[family]?.file;
    if (file === undefined) continue;
    try {
      await writeRulesFile(rulesFileOf(family, config.rulesFile), await readFile(file, 'utf8'));
      saved.push(family);
    } catch (error) {
      trouble.push(messageOf(error));
    }
    failpoint('firstFileSaved');
  }
  return saved;
}

/** Writes the files that bring the routes back after a reboot, as they were shown before the change. */
async function keepRoutes(trials: string, confirmed: Ended, trouble: string[]): Promise<string[]> {
  try {
    const text = await readFile(join(trials, entryPath(confirmed), 'keep.json'), 'utf8');
    const { tool, plan } = JSON.parse(text) as RoutesToKeep;
    await writePersist(plan, tool);
    failpoint('routesKept');
    return plan.files.map(({ path }) => path);
  } catch (error) {
    trouble.push(messageOf(error));
    return [];
  }
}

/** What ran before the first change through Moru, to be gone back to. */
async function keepInitial(
  { trials, config }: TrialHost,
  record: TrialRecord,
  confirmed: Ended,
): Promise<void> {
  if ((await listGenerations(config.stateFolder)).length > 0) return;
  const rules: NewGeneration['rules'] = await ruleFilesOf(trials, confirmed, 'initial');
  const snapshots = await ruleFilesOf(trials, confirmed, 'snapshot');
  for (const family of familySchema.options) {
    const snapshot = snapshots[family];
    if (!snapshot || rules[family]) continue;
    const text = await readFile(snapshot.file, 'utf8');
    rules[family] = ownedSave(parseSave(text, { family, unreadable: 'keep' }));
  }
  await keepGeneration(config.stateFolder, {
    at: record.startedAt,
    author: '',
    note: '',
    reason: 'initial',
    trial: record.id,
    revisions: {
      ...(await readRevisions(trials, confirmed, 'before', snapshots)),
      ...(record.routes && { routes: record.routes.before }),
    },
    saved: [],
    rules,
    routes: await readRoutesFile(trials, confirmed, 'snapshot'),
  });
}

async function recordOutcome(trials: string, confirmed: Ended, outcome: ConfirmOutcome): Promise<void> {
  try {
    await writeOutcome(trials, confirmed, [
      ['at', outcome.at],
      ...(outcome.generation === null ? [] : [['generation', `${outcome.generation}`] as const]),
      ...outcome.saved.map((family) => ['saved', family] as const),
      ...outcome.kept.map((path) => ['kept', path] as const),
      ['trouble', outcome.trouble],
    ]);
    await dropWorkFiles(trials, confirmed);
  } catch {
    // no room: the next start of the agent tries again
  }
}

/** Confirmed trials whose agent ended before it had done everything. */
export async function finishLeftConfirmed(host: TrialHost): Promise<void> {
  for (const entry of await listEntries(host.trials)) {
    if (entry.state !== 'confirmed') continue;
    if ((await readNote(host.trials, entry, 'outcome')) === '') await finishConfirmed(host, entry);
  }
}
