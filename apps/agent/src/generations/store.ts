import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Family,
  familySchema,
  type Generation,
  generationSchema,
  type NetworkRoute,
  networkRouteSchema,
  ProblemError,
} from '@moru/types';
import { z } from 'zod';
import { copyNew, diskProblem, errorCode, makeFolder, syncFolder, writeNew } from '../process/durable.ts';
import { failpoint } from '../process/failpoints.ts';

/** How many generations a host keeps; older ones go. */
export const keptGenerations = 50;

const folderOf = (stateFolder: string) => join(stateFolder, 'generations');

/** A generation with its rules in save form, and the lasting routes of the main table where it holds any. */
export type KeptGeneration = Generation & {
  rules: Partial<Record<Family, string>>;
  routes: NetworkRoute[] | null;
};
/** `file`: rules of which there is a copy already, as large as a host may have them. */
export type NewGeneration = Omit<KeptGeneration, 'number' | 'rules'> & {
  rules: Partial<Record<Family, string | { file: string }>>;
};

/** Numbers of the generations that are there, the oldest first. */
async function numbers(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => /^[1-9]\d*$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/** Null for one that cannot be read: a disk may lose what it held. */
async function readMeta(folder: string, number: number): Promise<Generation | null> {
  try {
    return generationSchema.parse(JSON.parse(await readFile(join(folder, `${number}`, 'meta.json'), 'utf8')));
  } catch {
    return null;
  }
}

/** Whether anything was ever kept: without reading any of it, which for 50 generations takes 50 files. */
export async function anyKept(stateFolder: string): Promise<boolean> {
  return (await numbers(folderOf(stateFolder))).length > 0;
}

/** What was kept, the newest first. */
export async function listGenerations(stateFolder: string): Promise<Generation[]> {
  const folder = folderOf(stateFolder);
  const all = await Promise.all((await numbers(folder)).map((number) => readMeta(folder, number)));
  return all.filter((each) => each !== null).reverse();
}

/** One generation with its rules. Throws ProblemError `generation.notFound`. */
export async function readGeneration(stateFolder: string, number: number): Promise<KeptGeneration> {
  const folder = folderOf(stateFolder);
  const meta = await readMeta(folder, number);
  if (!meta) throw new ProblemError('generation.notFound');
  const rules: KeptGeneration['rules'] = {};
  for (const family of familySchema.options) {
    const text = await readFile(join(folder, `${number}`, `rules.${family}`), 'utf8').catch(() => null);
    if (text !== null) rules[family] = text;
  }
  const routes = await readFile(join(folder, `${number}`, 'routes.json'), 'utf8').then(
    (text) => z.array(networkRouteSchema).parse(JSON.parse(text)),
    () => null,
  );
  return { ...meta, rules, routes };
}

/**
 * Keeps rules as the next generation: a folder that is written whole, then named. The same trial is kept once,
 * however often this is begun. Throws ProblemError `host.failed` where the disk does not take it.
 */
export async function keepGeneration(stateFolder: string, generation: NewGeneration): Promise<Generation> {
  const folder = folderOf(stateFolder);
  try {
    if (generation.trial !== null && generation.reason === 'trial') {
      const known = (await listGenerations(stateFolder)).find(
        (each) => each.trial === generation.trial && each.reason === 'trial',
      );
      if (known) return known;
    }
    await makeFolder(folder);
    const number = ((await numbers(folder)).at(-1) ?? 0) + 1;
    const { rules, routes, ...facts } = generation;
    const meta: Generation = { number, ...facts };
    const temporary = join(folder, 'new');
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary, { mode: 0o700 });
    for (const [family, source] of Object.entries(rules)) {
      const path = join(temporary, `rules.${family}`);
      await (typeof source === 'string' ? writeNew(path, source) : copyNew(source.file, path));
    }
    if (routes) await writeNew(join(temporary, 'routes.json'), `${JSON.stringify(routes)}\n`);
    await writeNew(join(temporary, 'meta.json'), `${JSON.stringify(meta, null, 1)}\n`);
    await syncFolder(temporary);
    failpoint('generationWritten');
    await rename(temporary, join(folder, `${number}`));
    await syncFolder(folder);
    await prune(folder);
    return meta;
  } catch (error) {
    throw diskProblem('The generation could not be kept.', error);
  }
}

/** Of the rules that were saved for the next boot, so many stay whatever their age: boot falls back on them. */
const keptSaved = 3;

async function prune(folder: string): Promise<void> {
  const all = await numbers(folder);
  if (all.length <= keptGenerations) return;
  const metas = await Promise.all(all.map((number) => readMeta(folder, number)));
  const newestSaved = familySchema.options.flatMap((family) =>
    all.filter((_, index) => metas[index]?.saved.includes(family)).slice(-keptSaved),
  );
  for (const number of all.slice(0, all.length - keptGenerations)) {
    if (newestSaved.includes(number)) continue;
    await rm(join(folder, `${number}`), { recursive: true, force: true });
  }
}
