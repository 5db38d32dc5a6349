import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RevertReason } from '@moru/types';
import type { Watch } from '../firewall/backend.ts';
import { connectionsFull } from '../host/connections.ts';
import { log, messageOf } from '../log.ts';
import { errorCode } from '../process/durable.ts';
import { failpoint } from '../process/failpoints.ts';
import { findProgram } from '../process/find.ts';
import { identityOf, isRunning, parseIdentity, printIdentity } from '../process/identity.ts';
import { type Outcome, runProgram, startProgram } from '../process/start.ts';
import { hasCommitted, TrialLost, watchAppliers } from './applier.ts';
import { claim, close, type Ended, entryPath, type Pending } from './arbiter.ts';
import { parseCommands, type RestoreCommand } from './guard-plan.ts';
import { dropWorkFiles, readNote, readRecord, type TrialRecord, writeOutcome } from './record.ts';

/** Who puts the rules back: the running agent, or the command at the host's own console. */
export interface Reverter {
  by: 'agent' | 'command';
  /** who asked for it; null where nobody did */
  author: string | null;
  /** after this long the trial is left as `reverting`, for the next try */
  patienceMs: number;
  /** of the running system */
  bootId: string;
  /** a gentler way to take the change back, tried before that of the record; true when it worked */
  undo?: (watch: Watch) => Promise<boolean>;
}

const limits = { timeoutMs: 15_000, maxBytes: 64 * 1024 };

/** FAMILY.TABLE of each restore, filter first: it is what locks out. */
export function revertSteps({ families }: Pick<TrialRecord, 'families'>): string[] {
  return families
    .toReversed()
    .flatMap(({ family, tables }) => tables.toReversed().map((table) => `${family}.${table}`));
}

async function noteWorker(trials: string, entry: Pending | Ended): Promise<void> {
  const self = identityOf(process.pid);
  if (!self) return;
  const path = join(trials, entryPath(entry), 'worker');
  try {
    // whole at any moment: the guard takes an empty note for a worker that is gone, and begins beside us
    await writeFile(`${path}.new`, `${printIdentity(self)}\n`);
    await rename(`${path}.new`, path);
  } catch {
    // a full disk takes no note: the guard then helps, which does no harm
  }
}

/** Whether somebody is at putting the rules of this trial back. */
export async function hasWorker(trials: string, reverting: Ended): Promise<boolean> {
  const worker = parseIdentity(await readNote(trials, reverting, 'worker'));
  return worker !== null && worker.pid !== process.pid && isRunning(worker);
}

/**
 * Takes a pending trial's end for ourselves; null when somebody else decided it. Who works on it is noted before, so
 * that the guard never sees it claimed by nobody.
 */
export async function claimRevert(
  trials: string,
  pending: Pending,
  reason: RevertReason,
): Promise<Ended | null> {
  await noteWorker(trials, pending);
  return claim(trials, pending, { reverting: reason });
}

/**
 * Puts back what the trial changed, and closes it. Each table until it worked or patience is over; begun anew at any
 * point it ends in the same rules. Null when they are not back yet.
 */
export async function putBack(trials: string, reverting: Ended, reverter: Reverter): Promise<Ended | null> {
  failpoint('revertClaimed');
  await noteWorker(trials, reverting);
  await stopAppliers(trials, reverting);
  const lines: [string, string][] = [];
  try {
    // after a reboot the rules are what boot loaded, and the snapshot means nothing any more
    const changed =
      (await hasCommitted(trials, reverting)) && !(await isOfOtherBoot(trials, reverting, reverter));
    const undone = changed && reverter.undo ? await undo(trials, reverting, reverter.undo) : false;
    if (changed && !undone && !(await restoreAll(trials, reverting, reverter.patienceMs, lines))) return null;
  } catch (error) {
    // the guard may be at it as well, and done before us
    if (error instanceof TrialLost || (await isGone(trials, reverting))) return null;
    throw error;
  }
  failpoint('allReverted');
  if (reverter.author !== null) lines.unshift(['author', reverter.author]);
  lines.unshift(['by', reverter.by], ['at', new Date().toISOString()]);
  const full = connectionsFull();
  if (full !== null) lines.push(['connections-full', `${full}`]);
  // without room for it the folder's name still tells that, and why
  await writeOutcome(trials, reverting, lines).catch(() => {});
  failpoint('revertRecorded');
  const closed = await close(trials, reverting);
  if (closed) await dropWorkFiles(trials, closed);
  return closed;
}

const isGone = async (trials: string, reverting: Ended): Promise<boolean> =>
  errorCode(await stat(join(trials, entryPath(reverting))).catch((error: unknown) => error)) === 'ENOENT';

async function undo(trials: string, reverting: Ended, act: NonNullable<Reverter['undo']>): Promise<boolean> {
  try {
    return await act(watchAppliers(trials, reverting));
  } catch (error) {
    if (error instanceof TrialLost) throw error;
    log.error('a change could not be taken back by itself', {
      trial: reverting.id,
      reason: messageOf(error),
    });
    return false;
  }
}

/** Ends what may still be about to change rules. */
async function stopAppliers(trials: string, reverting: Ended): Promise<void> {
  const lines = (await readNote(trials, reverting, 'applier')).split('\n');
  for (const applier of lines.map(parseIdentity)) {
    for (let tries = 0; applier && isRunning(applier) && tries < 200; tries++) {
      process.kill(applier.pid, 'SIGKILL');
      await delay(10);
    }
  }
}

async function isOfOtherBoot(trials: string, reverting: Ended, { bootId }: Reverter): Promise<boolean> {
  return reverting.reason === 'reboot' || (await readRecord(trials, reverting)).bootId !== bootId;
}

async function restoreAll(
  trials: string,
  reverting: Ended,
  patienceMs: number,
  lines: [string, string][],
): Promise<boolean> {
  const folder = join(trials, entryPath(reverting));
  const record = await readRecord(trials, reverting);
  const commands = parseCommands(await readFile(join(folder, 'plan'), 'utf8'));
  const watch = watchAppliers(trials, reverting);
  const until = performance.now() + patienceMs;
  const restore = async (step: string, file: string): Promise<Outcome> => {
    const command = commands.get(step.split('.')[0] ?? '');
    if (!command) throw new Error(`no command for ${step}`);
    return runNoted(command, await readFile(join(folder, file), 'utf8'), watch.started);
  };
  const files = await readdir(folder);
  const steps = revertSteps(record);
  let left = steps;
  let said = '';
  for (let round = 1; left.length > 0; round++) {
    const again: string[] = [];
    for (const step of left) {
      const { exitCode, stderr } = await restore(step, `revert.${step}`);
      if (exitCode === 0) {
        lines.push(['step', `${step.replace('.', ' ')} 0 ${round}`]);
        failpoint('firstTableReverted');
        continue;
      }
      again.push(step);
      said = stderr;
      await writeFile(join(folder, 'trouble'), `${step}: ${stderr}`).catch(() => {});
      for (const file of files.filter((name) => name.startsWith(`chains.${step}.`)))
        await restore(step, file);
    }
    left = again;
    if (left.length === 0) break;
    if (performance.now() > until) return false;
    await delay(100);
  }
  for (const step of steps) {
    for (const file of files.filter((name) => name.startsWith(`tidy.${step}.`))) await restore(step, file);
  }
  await restoreRoutes(folder, files, lines);
  for (const line of said.slice(0, 4096).trim().split('\n')) if (line !== '') lines.push(['words', line]);
  return true;
}

async function runNoted(
  { program, args }: RestoreCommand,
  input: string,
  started: (pid: number) => Promise<void>,
): Promise<Outcome> {
  const child = await startProgram(program, args, limits);
  try {
    await started(child.pid);
  } catch (error) {
    // a full disk has no room for the note, and the rules are what counts
    if (error instanceof TrialLost) {
      child.end();
      await child.outcome;
      throw error;
    }
  }
  child.end(input);
  return child.outcome;
}

/** The lines of `revert.routes.FAMILY`, where the trial has such files; they say what is to be, too. */
async function restoreRoutes(folder: string, files: string[], lines: [string, string][]): Promise<void> {
  const ip = await findProgram('ip');
  for (const family of ['ipv4', 'ipv6']) {
    const name = `revert.routes.${family}`;
    if (!ip || !files.includes(name)) continue;
    const args = [family === 'ipv4' ? '-4' : '-6', '-force', '-batch', join(folder, name)];
    const { exitCode, stderr } = await runProgram(ip, args, limits);
    lines.push(['step', `${family} routes ${exitCode ?? 255} 1`]);
    if (stderr !== '') lines.push(['words', stderr.slice(0, 4096)]);
  }
}
