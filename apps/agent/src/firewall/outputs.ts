import { dirname, join } from 'node:path';
import {
  agentReadMs,
  type Family,
  type FirewallOutput,
  type FirewallOutputKind,
  ProblemError,
} from '@moru/types';
import { type Limits, runProgram } from '../process/start.ts';
import { escapeControls } from './hostile.ts';
import { mayHoldRules, otherSave, otherSaveName } from './other-backend.ts';
import { readRulesFile } from './rules-file.ts';
import { type Iptables, isBusy, type Tools, wordsOf } from './tools.ts';

/** Far more than a person reads, far below what an answer may hold. */
const maxOutputBytes = 4 * 1024 * 1024;
/** Nobody hears what comes later than `agentReadMs`, and a program that waits without end has to go before that. */
const limits: Limits = { timeoutMs: agentReadMs - 1_000, maxBytes: maxOutputBytes };
/** Shorter than the limit, so that iptables itself says what it waits for. */
const lockWaitSeconds = 2;

/** The guide's commands, option by option; `locks` where legacy takes the lock even to list. */
const commands = {
  list: { program: 'iptables', args: ['-nL', '--line-numbers', '--verbose'], locks: true },
  rules: { program: 'iptables', args: ['-S', '-v'], locks: true },
  version: { program: 'iptables', args: ['-V'], locks: false },
  save: { program: 'save', args: [], locks: false },
} as const satisfies Record<
  Exclude<FirewallOutputKind, 'file' | 'other'>,
  { program: keyof Iptables['programs']; args: readonly string[]; locks: boolean }
>;

const typed: Record<Family, Record<'iptables' | 'save', string>> = {
  ipv4: { iptables: 'iptables', save: 'iptables-save' },
  ipv6: { iptables: 'ip6tables', save: 'ip6tables-save' },
};

/** The rules of IPv6 are kept beside those of IPv4: /etc/iptables.rules, /etc/ip6tables.rules. */
export function rulesFileOf(family: Family, ipv4Path: string): string {
  return family === 'ipv4' ? ipv4Path : join(dirname(ipv4Path), 'ip6tables.rules');
}

/** Does what `cat` would show, without running one: it would follow a link and wait on a fifo. */
async function readFileOutput(
  path: string,
): Promise<Pick<FirewallOutput, 'text' | 'exitCode' | 'truncated'>> {
  const file = await readRulesFile(path);
  if (!file) return { text: `cat: ${path}: No such file or directory\n`, exitCode: 1, truncated: false };
  const text = file.text.slice(0, maxOutputBytes);
  return { text, exitCode: 0, truncated: file.truncated || text.length < file.text.length };
}

/** The rules of the other back end, through which every packet goes as well. */
async function readOther(iptables: Iptables): Promise<Omit<FirewallOutput, 'kind' | 'readAt'>> {
  const name = otherSaveName(iptables);
  const command = `sudo ${name}`;
  const program = otherSave(iptables);
  if (program) {
    const { stdout, stderr, exitCode, truncated } = await runProgram(program, [], limits);
    return { command, text: escapeControls(stdout + stderr), exitCode: exitCode ?? -1, truncated };
  }
  if (!mayHoldRules(iptables)) return { command, text: '', exitCode: 0, truncated: false };
  return { command, text: `sudo: ${name}: command not found\n`, exitCode: 1, truncated: false };
}

/**
 * One of the guide's views as the host prints it, with control characters escaped.
 * Throws ProblemError `host.iptablesMissing`, `host.busy`, `file.refused` or `host.failed`.
 */
export async function readOutput(
  tools: Tools,
  kind: FirewallOutputKind,
  family: Family,
  rulesFile: string,
): Promise<FirewallOutput> {
  const readAt = new Date().toISOString();
  if (kind === 'file') {
    const path = rulesFileOf(family, rulesFile);
    const output = await readFileOutput(path);
    return { kind, command: `sudo cat ${path}`, readAt, ...output, text: escapeControls(output.text) };
  }
  const iptables = await tools.of(family);
  if (kind === 'other') return { kind, readAt, ...(await readOther(iptables)) };
  const { program, args, locks } = commands[kind];
  // a list that waits on the lock for ever would hold our place in the queue as well
  const wait = locks && iptables.strategy !== 'verify' ? ['-w', String(lockWaitSeconds)] : [];
  const outcome = await runProgram(iptables.programs[program], [...args, ...wait], limits);
  if (isBusy(outcome, iptables)) {
    throw new ProblemError('host.busy', wordsOf(outcome));
  }
  return {
    kind,
    command: ['sudo', typed[family][program], ...args].join(' '),
    // what a terminal would show: the tool's errors too
    text: escapeControls(outcome.stdout + outcome.stderr),
    exitCode: outcome.exitCode ?? -1,
    readAt,
    truncated: outcome.truncated,
  };
}
