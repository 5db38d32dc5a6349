import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ProblemError } from '@moru/types';
import type { Config } from '../config.ts';
import { findProgram, programFolders } from '../process/find.ts';
import { isRunning, type ProcessIdentity, parseIdentity } from '../process/identity.ts';
import { entryPath, findPending, type Pending } from './arbiter.ts';

/** Some 10 ms on an idle machine; one that takes longer than this is not fit for a change. */
const proofMs = 5_000;

/** What the script runs besides the shell itself: coreutils and util-linux, which no Debian or Ubuntu is without. */
const needed = ['setsid', 'sh', 'timeout', 'mv', 'sleep', 'sync', 'date', 'head', 'sed'];

/** The guard that watches the trial, as it has shown itself; null when there is none. */
export async function livingGuard(trials: string, pending: Pending): Promise<ProcessIdentity | null> {
  const alive = (entry: Pending) => readFile(join(trials, entryPath(entry), 'alive'), 'utf8').catch(() => '');
  let text = await alive(pending);
  if (text === '') {
    // it may have got another deadline, and with it another name, since it was found
    const now = await findPending(trials);
    if (now?.id === pending.id) text = await alive(now);
  }
  const guard = parseIdentity(text);
  return guard && isRunning(guard) ? guard : null;
}

/** What starts the guard, or nothing where systemd does. */
export type GuardCommand = readonly [program: string, ...args: string[]] | null;

/** Looks for all that the guard needs. Throws ProblemError `trial.unguarded`. */
export function findGuard({ stateFolder, guardScript, guardStartedBy }: Config): GuardCommand {
  if (guardStartedBy === 'systemd') return null;
  const unguarded = (detail: string) => new ProblemError('trial.unguarded', { detail });
  if (!existsSync(guardScript)) throw unguarded(`${guardScript} is not there.`);
  const programs = new Map<string, string>();
  for (const name of needed) {
    const path = findProgram(name);
    if (!path) throw unguarded(`${name} is needed and missing.`);
    programs.set(name, path);
  }
  return [programs.get('setsid') ?? '', '--fork', programs.get('sh') ?? '', guardScript, stateFolder];
}

/**
 * Has the guard of the pending trial started and waits for its proof of life. With systemd, moru-guard.path has seen
 * the trial already. Throws ProblemError `trial.unguarded`.
 */
export async function startGuard(
  trials: string,
  pending: Pending,
  command: GuardCommand,
): Promise<ProcessIdentity> {
  if (!command) return proofOfLife(trials, pending, 'Is moru-guard.path active?');
  const child = spawnGuard(command);
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (cause) => reject(new ProblemError('trial.unguarded', {}, { cause })));
  });
  return Promise.race([failed, proofOfLife(trials, pending)]);
}

/**
 * setsid(1) forks, so that the guard is in a session of its own and its parent is process 1, not the agent: it
 * outlives the agent and what ends with it.
 */
function spawnGuard([program, ...args]: NonNullable<GuardCommand>): ChildProcess {
  return spawn(program, args, { env: { PATH: programFolders.join(':') }, cwd: '/', stdio: 'ignore' });
}

async function proofOfLife(trials: string, pending: Pending, advice = ''): Promise<ProcessIdentity> {
  const until = performance.now() + proofMs;
  for (let pause = 1; performance.now() < until; pause = Math.min(pause * 1.3, 50)) {
    const guard = await livingGuard(trials, pending);
    if (guard) return guard;
    // one that starts after the deadline is done before anybody sees it
    if ((await findPending(trials))?.id !== pending.id) break;
    await delay(pause);
  }
  const detail = ['The guard did not show itself in time.', advice].join(' ').trim();
  throw new ProblemError('trial.unguarded', { detail });
}
