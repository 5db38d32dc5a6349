import { rmSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleProgram } from '../../packaging/bundle.ts';
import { guardScript } from './guard-script.ts';
import type { TestProgram } from './host.ts';

export interface BundledProgram extends TestProgram {
  /** for whoever starts it: the guard's script is not beside the program here */
  environment: NodeJS.ProcessEnv;
}

/** The agent as it is installed on a host: one file, started with the flags of its units. Goes with this process. */
export async function bundledAgent(node = process.execPath): Promise<BundledProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'moru-bundle-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  const path = join(folder, 'moru-agent.mjs');
  await writeFile(path, (await bundleProgram()).code);
  const start = [node, ...(await unitFlags()), path];
  return {
    agent: [...start, 'run'],
    command: start,
    environment: {
      ...(await unitVariables()),
      MORU_AGENT_GUARD: guardScript,
    },
  };
}

const startScript = () => readFile(join(import.meta.dirname, '../../packaging/lib/start'), 'utf8');

/** What packaging/lib/start sets for the C library and for Node's threads. */
async function unitVariables(): Promise<NodeJS.ProcessEnv> {
  const lines = [...(await startScript()).matchAll(/^export ((?:MALLOC|UV)_.*)$/gm)];
  const words = lines.flatMap(([, line = '']) => line.split(' '));
  if (words.length < 2) throw new Error('no variables found in packaging/lib/start');
  return Object.fromEntries(words.map((each) => each.split('=', 2)));
}

/** What packaging/lib/start tells Node. */
async function unitFlags(): Promise<string[]> {
  const script = await startScript();
  const flags = /exec "\$node" ((?:--\S+ )+)/.exec(script)?.[1];
  if (flags === undefined) throw new Error('no flags found in packaging/lib/start');
  return flags.trim().split(' ');
}
