import type { Family } from '@moru/types';
import type { Iptables } from '../firewall/tools.ts';
import { findProgram } from '../process/find.ts';
import { printLines } from './record.ts';

/** How the way back is run: by the agent, and by the guard as `plan` tells it. */
export interface RestoreCommand {
  program: string;
  args: string[];
}

const prefixes: Record<Family, string> = { ipv4: 'iptables', ipv6: 'ip6tables' };

/** Seconds for which one try waits for the lock. */
const waitSeconds = '5';

/**
 * The restore of the back end that the change was made with, whatever `iptables` leads to later. 1.6.1 takes no lock:
 * flock(1) holds it, and gives up with the code with which later versions do.
 */
export async function restoreCommand({
  family,
  strategy,
  programs,
  version,
}: Iptables): Promise<RestoreCommand> {
  if (strategy === 'outerLock') {
    const flock = await findProgram('flock');
    const args = ['-E', '4', '-w', waitSeconds, '/run/xtables.lock', programs.restore, '-n', '-c'];
    return { program: flock ?? 'flock', args };
  }
  const backend = version.backend === 'legacy' ? 'legacy' : 'nft';
  const exact = await findProgram(`${prefixes[family]}-${backend}-restore`);
  return { program: exact ?? programs.restore, args: ['-n', '-c', '-w', waitSeconds] };
}

export interface GuardPlan {
  id: string;
  bootId: string;
  bootIdFile: string;
  commands: Partial<Record<Family, RestoreCommand>>;
  /** `ipv4.filter` for the file `revert.ipv4.filter`, in the order in which they run */
  steps: string[];
}

/**
 * `plan`: what the guard has to know, a line each. The words of a command are parted by blanks, which is why a
 * program whose path holds one cannot be used.
 */
export function printPlan({ id, bootId, bootIdFile, commands, steps }: GuardPlan): string {
  const commandLines = Object.entries(commands).map(([family, { program, args }]) => {
    const words = [program, ...args];
    if (words.some((word) => !/^[\w./+-]+$/.test(word))) throw new Error(`${program} cannot be handed to sh`);
    return [`command.${family}`, words.join(' ')] as const;
  });
  return printLines([
    ['id', id],
    ['bootid', bootId],
    ['bootidfile', bootIdFile],
    ...commandLines,
    ...steps.map((step) => ['step', step] as const),
  ]);
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
