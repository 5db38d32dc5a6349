import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Family, trialFamilies } from '@moru/types';
import { findProgram } from '../process/find.ts';
import type { Outcome } from '../process/start.ts';
import { type RouteMarks, readKernelLines, showsBack } from '../routing/kernel-lines.ts';
import { optionOf } from './apply-routes.ts';
import type { RestoreCommand } from './guard-plan.ts';

/**
 * How often the routes of a family are put back before they are left. An interface that went down meanwhile has taken
 * its routes with it, and no repetition brings them back; the record then says so. guard.sh has the same number.
 */
export const routeTries = 30;

/** Families whose routes a trial has to put back, by the files of its folder. */
export const familiesToRestore = (files: readonly string[]): Family[] =>
  trialFamilies.filter((family) => files.includes(`revert.routes.${family}`));

const linesOf = async (path: string): Promise<string[]> =>
  (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');

async function readMarks(folder: string, family: Family): Promise<RouteMarks> {
  const [want, gone] = await Promise.all([
    linesOf(join(folder, `want.routes.${family}`)),
    linesOf(join(folder, `gone.routes.${family}`)),
  ]);
  return { want, gone };
}

/**
 * Tries once to put the routes of a family back, and looks whether they are. The exit code of `ip` says nothing: a
 * line whose work is done already fails, and -force goes on. Answers the words of `ip` where they are not back, else
 * null.
 */
export async function restoreRoutes(
  folder: string,
  family: Family,
  run: (command: RestoreCommand, input: string) => Promise<Outcome>,
): Promise<string | null> {
  const ip = findProgram('ip');
  if (!ip) return 'the host has no ip(8)';
  const lines = await readFile(join(folder, `revert.routes.${family}`), 'utf8');
  const args = [optionOf[family], '-force', '-batch', '-'];
  const { stderr } = await run({ program: ip, args }, lines);
  const marks = await readMarks(folder, family);
  return showsBack(family, marks, await readKernelLines(family)) ? null : stderr.trim() || 'not back';
}
