import { lstat, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type KeepPlan, ProblemError } from '@moru/types';
import { readRulesFile, writeRulesFile } from '../../firewall/rules-file.ts';
import { findProgram } from '../../process/find.ts';
import { type Limits, runProgram } from '../../process/start.ts';
import { type BootFiles, readBootFiles } from './boot-files.ts';
import { planInterfaces } from './interfaces-file.ts';
import { type FileChange, judgeEach, type RouteChange } from './kept.ts';
import { planNetplan } from './netplan.ts';

/** The difference that would keep a change over a reboot; nothing is written. */
export function planPersist({ tool, files }: BootFiles, change: RouteChange): KeepPlan {
  if (tool === 'netplan') return planNetplan(files, change);
  if (tool === 'ifupdown') return planInterfaces(files, change);
  return { files: [], byHand: [], routes: judgeEach(change, () => 'unsupported') };
}

/** netplan is Python and starts in some 0.3 s; on a busy host it takes a multiple. */
const limits: Limits = { timeoutMs: 20_000, maxBytes: 64 * 1024 };

/** A program with the words that stand before netplan's own. */
export interface NetplanCommand {
  program: string;
  args: readonly string[];
}

/**
 * Has netplan generate from a copy of its files with the changes in it. Null when it takes them, or where the host has
 * no netplan to ask; its words when it refuses.
 */
export async function checkNetplan(
  changes: readonly FileChange[],
  root = '/',
  command?: NetplanCommand,
): Promise<string | null> {
  const found = findProgram('netplan');
  const netplan = command ?? (found === null ? null : { program: found, args: [] });
  if (!netplan) return null;
  const copy = await mkdtemp(join(tmpdir(), 'moru-netplan-'));
  try {
    const { tool, files } = await readBootFiles(root);
    const texts = new Map(tool === 'netplan' ? files.map(({ path, text }) => [path, text]) : []);
    for (const { path, after } of changes) texts.set(path, after);
    for (const [path, text] of texts) {
      await mkdir(dirname(join(copy, path)), { recursive: true });
      await writeFile(join(copy, path), text, { mode: 0o600 });
    }
    const args = [...netplan.args, 'generate', '--root-dir', copy];
    const { exitCode, stdout, stderr } = await runProgram(netplan.program, args, limits);
    return exitCode === 0 ? null : (stderr + stdout).slice(0, 4096) || 'netplan did not end';
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

const textOf = async (path: string) => (await readRulesFile(path))?.text ?? null;

/** Beside the file, and hidden: neither netplan (`*.yaml`) nor ifupdown (`source …/*`) reads it. */
export const previousPath = (path: string) => join(dirname(path), `.${basename(path)}.moru-previous`);

/**
 * Writes the files of a plan, each whole or not at all, and keeps what was there before. A file that is already what
 * it is to be is left alone, so that it can be begun anew after being cut off. Throws ProblemError
 * `file.refused` where a file is no plain file of ours, has changed since the difference was shown, or netplan does
 * not take it; `host.failed` where the disk does not.
 */
export async function writePersist(
  plan: KeepPlan,
  tool: BootFiles['tool'],
  root = '/',
  command?: NetplanCommand,
): Promise<void> {
  const left: FileChange[] = [];
  for (const file of plan.files) {
    const now = await textOf(join(root, file.path));
    if (now === file.after) continue;
    if (now !== file.before) {
      throw new ProblemError('file.refused', { detail: `${file.path} has changed meanwhile.` });
    }
    left.push(file);
  }
  const words = tool === 'netplan' && left.length > 0 ? await checkNetplan(left, root, command) : null;
  if (words !== null) {
    throw new ProblemError('file.refused', { detail: 'netplan does not take the file.', upstream: words });
  }
  for (const { path, before, after } of left) {
    const target = join(root, path);
    // whoever could read /etc/network/interfaces still can; files of netplan may hold keys
    const mode = before !== null && tool === 'ifupdown' ? (await lstat(target)).mode & 0o644 : 0o600;
    if (before !== null) await writeRulesFile(previousPath(target), before, mode);
    await writeRulesFile(target, after, mode);
  }
}

/** The difference first: `write` then writes just that. */
export async function persistRoutes(
  change: RouteChange,
  root = '/',
): Promise<{ tool: BootFiles['tool']; plan: KeepPlan; write: () => Promise<void> }> {
  const boot = await readBootFiles(root);
  const plan = planPersist(boot, change);
  return { tool: boot.tool, plan, write: () => writePersist(plan, boot.tool, root) };
}
