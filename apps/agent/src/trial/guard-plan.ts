import type { Family } from '@moru/types';
import { type Iptables, prefixes } from '../firewall/tools.ts';
import { findProgram } from '../process/find.ts';
import { printLines } from './record.ts';

/** How the way back is run: by the agent, and by the guard as `plan` tells it. */
export interface RestoreCommand {
  program: string;
  args: string[];
}

/** Seconds for which one try waits for the lock. */
const waitSeconds = '5';

/**
 * The restore of the back end that the change was made with, whatever `iptables` leads to later. 1.6.1 takes no lock:
 * flock(1) holds it, and gives up with the code with which later versions do.
 */
export function restoreCommand({ family, strategy, programs, version }: Iptables): RestoreCommand {
  if (strategy === 'outerLock') {
    const flock = findProgram('flock');
    const args = ['-E', '4', '-w', waitSeconds, '/run/xtables.lock', programs.restore, '-n', '-c'];
    return { program: flock ?? 'flock', args };
  }
  const backend = version.backend === 'legacy' ? 'legacy' : 'nft';
  const exact = findProgram(`${prefixes[family]}-${backend}-restore`);
  return { program: exact ?? programs.restore, args: ['-n', '-c', '-w', waitSeconds] };
}

/** The dump of the same back end. */
export function saveProgram({ family, version, programs }: Iptables): string {
  const backend = version.backend === 'legacy' ? 'legacy' : 'nft';
  return findProgram(`${prefixes[family]}-${backend}-save`) ?? programs.save;
}

export interface GuardPlan {
  id: string;
  bootId: string;
  bootIdFile: string;
  commands: Partial<Record<Family, RestoreCommand>>;
  /** dump what runs, for the account of what goes with the change */
  saves: Partial<Record<Family, string>>;
  /** `ipv4.filter` for the file `revert.ipv4.filter`, in the order in which they run */
  steps: string[];
}

/**
 * `plan`: what the guard has to know, a line each. The words of a command are parted by blanks, which is why a
 * program whose path holds one cannot be used.
 */
export function printPlan({ id, bootId, bootIdFile, commands, saves, steps }: GuardPlan): string {
  const commandLines = Object.entries(commands).map(([family, { program, args }]) => {
    return [`command.${family}`, handedToSh([program, ...args])] as const;
  });
  const saveLines = Object.entries(saves).map(
    ([family, program]) => [`save.${family}`, handedToSh([program])] as const,
  );
  return printLines([
    ['id', id],
    ['bootid', bootId],
    ['bootidfile', bootIdFile],
    ...commandLines,
    ...saveLines,
    ...steps.map((step) => ['step', step] as const),
  ]);
}

function handedToSh(words: readonly string[]): string {
  if (words.some((word) => !/^[\w./+-]+$/.test(word))) throw new Error(`${words[0]} cannot be handed to sh`);
  return words.join(' ');
}

/** The programs of a plan that dump what runs; none in one of an agent that had no use for them. */
export function parseSaves(plan: string): Map<Family, string> {
  const lines = [...plan.matchAll(/^save\.(ipv4|ipv6)=(\S+)$/gm)];
  return new Map(lines.map(([, family, program]) => [family as Family, program ?? '']));
}

/** The commands of a plan as they were written. Throws an Error for a plan that has none for a family. */
export function parseCommands(plan: string): Map<string, RestoreCommand> {
  const commands = new Map<string, RestoreCommand>();
  for (const line of plan.split('\n')) {
    const parts = /^command\.(ipv4|ipv6)=(\S+) (.+)$/.exec(line);
    if (parts?.[1] && parts[2] && parts[3]) {
      commands.set(parts[1], { program: parts[2], args: parts[3].split(' ') });
    }
  }
  return commands;
}
