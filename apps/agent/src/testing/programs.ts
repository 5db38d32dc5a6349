import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { compileCache } from './host.ts';

const script = (name: string) => join(import.meta.dirname, '..', name);

export interface Ended {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** `moru-agent ARGUMENTS` as a process of its own; `within` is a command that runs it somewhere. */
export function moruAgent(
  args: string[],
  environment: NodeJS.ProcessEnv,
  within: string[] = [],
): { child: ChildProcess; said(): string; ended: Promise<Ended> } {
  const [program = '', ...rest] = [...within, process.execPath, script('cli/main.ts'), ...args];
  const child = spawn(program, rest, {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: compileCache, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (chunk: Buffer) => {
      said[name] += chunk;
    });
  }
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (exitCode) => resolve({ exitCode, ...said }));
  });
  return { child, said: () => said.stdout + said.stderr, ended };
}
