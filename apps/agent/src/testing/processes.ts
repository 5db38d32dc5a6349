import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';

/** Resolves when the child has printed `wanted`; rejects with what it said when it ends before. */
export function untilSaid(child: ChildProcess, wanted: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (chunk: Buffer) => {
      if (said.length < 64 * 1024) said += chunk.toString();
      if (said.includes(wanted)) resolve();
    };
    // both stay in flow to the end: a full pipe would hold the child up
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`ended early: ${said}`)));
  });
}

export const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

export async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (hasEnded(child)) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

/** Ends what nsenter(1) runs in a process namespace: it is a child of nsenter, which ends after it. */
export async function stopInside(entered: ChildProcess): Promise<void> {
  if (hasEnded(entered)) return;
  const gone = once(entered, 'exit');
  // 0 when it has ended by itself, and nsenter is about to; kill(2) takes 0 for all of us
  const inside = await childOf(entered.pid ?? 0).catch(() => 0);
  try {
    if (inside > 0) process.kill(inside, 'SIGKILL');
  } catch {
    // gone meanwhile
  }
  // nsenter halts itself when what it entered with is halted, and sees no end of that until it goes on
  entered.kill('SIGCONT');
  await gone;
}

/** The only child of a process, in our own pid namespace. Throws where there is none: kill(2) takes 0 for all of us. */
export async function childOf(pid: number): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const child = Number(children.trim().split(' ')[0]);
  if (!(child > 0)) throw new Error(`process ${pid} has no child`);
  return child;
}
