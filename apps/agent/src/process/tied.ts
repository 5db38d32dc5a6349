import { findProgram } from './find.ts';
import { runProgram } from './start.ts';

const limits = { timeoutMs: 5_000, maxBytes: 4096 };

/**
 * What stands before a program that is to end with us: systemd ends a whole control group, but outside of it a child
 * outlives an agent that is killed. The kernel sends the signal of setpriv(1) when we are gone, whatever ended us. Told
 * by what setpriv does: before util-linux 2.33 it has no such option, and a program is then started as it is.
 */
async function findTie(): Promise<readonly string[]> {
  const [setpriv, nothing] = ['setpriv', 'true'].map(findProgram);
  if (!setpriv || !nothing) return [];
  const tie = [setpriv, '--pdeathsig', 'KILL'];
  const { exitCode } = await runProgram(setpriv, [...tie.slice(1), nothing], limits);
  return exitCode === 0 ? tie : [];
}

let tie: Promise<readonly string[]> | null = null;

/** The command that runs a program and ends it when this process ends. */
export async function tiedCommand(program: string, args: readonly string[]): Promise<[string, ...string[]]> {
  tie ??= findTie().catch(() => []);
  const [first = program, ...rest] = [...(await tie), program, ...args];
  return [first, ...rest];
}
