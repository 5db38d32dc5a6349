import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { accounts } from './test-cloud.ts';

export interface LogLine {
  level: number;
  msg: string;
  url?: string;
}

export const main = join(import.meta.dirname, '..', 'main.ts');

/** The program with this environment, by a command before it where there is one; gone when the test is over. */
export function runCloud(
  environment: Record<string, string>,
  before: string[] = [],
): { child: ChildProcess; lines: AsyncIterator<LogLine> } {
  const [program = process.execPath, ...args] = [...before, process.execPath, main];
  const child = spawn(program, args, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const read = async function* () {
    for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line) as LogLine;
  };
  return { child, lines: read() };
}

/** Waits until it listens, and reads on so that a full pipe never stops it. */
export async function listening({ lines }: ReturnType<typeof runCloud>): Promise<string> {
  const first = (await lines.next()).value as LogLine | undefined;
  if (first?.url === undefined) throw new Error(`the cloud said: ${first?.msg ?? 'nothing'}`);
  void (async () => {
    for (let line = await lines.next(); !line.done; line = await lines.next());
  })();
  return first.url;
}

/** Cut off without a word. */
export async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** An environment with everything that must be there, its data in a folder of its own. */
export function installation(): { directory: string; environment: Record<string, string> } {
  const directory = mkdtempSync(join(tmpdir(), 'moru-main-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'accounts.json');
  writeFileSync(path, JSON.stringify(accounts));
  const environment = {
    PATH: process.env.PATH ?? '',
    // Later starts of the same test are faster.
    NODE_COMPILE_CACHE: join(directory, 'compiled'),
    MORU_CLOUD_LISTEN: '127.0.0.1:0',
    MORU_CLOUD_DATA: join(directory, 'cloud'),
    MORU_ACCOUNTS: path,
  };
  return { directory, environment };
}
