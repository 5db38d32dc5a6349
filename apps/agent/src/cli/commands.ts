import { restoreAtBoot } from '../boot/restore.ts';
import { readConfig } from '../config.ts';
import { createTools } from '../firewall/tools.ts';
import { type TrialHost, trialHost } from '../trial/host.ts';
import { rollback } from './rollback.ts';
import { readStatus } from './status.ts';
import { restoreWords } from './words.ts';

export interface CommandResult {
  /** goes to stdout, or to stderr where the exit code is not 0; empty for nothing */
  text: string;
  /** null while the command stays, as `run` does */
  exitCode: number | null;
}

export interface Command {
  /** what it does, in one line for the list of commands */
  words: string;
  /** more about it, for `moru-agent COMMAND --help` */
  more?: string;
  /** what it takes: `--server URL` */
  options?: readonly { option: string; words: string }[];
  /** Throws UsageError for words that it does not understand, and any other Error with a message for a person. */
  run(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<CommandResult>;
}

/** The words after the command are not what it takes. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** A command without options that needs to know the host. */
function onHost(act: (host: TrialHost) => Promise<CommandResult>): Command['run'] {
  return async ([unexpected], environment) => {
    if (unexpected !== undefined) throw new UsageError(`${unexpected} is not understood`);
    return act(trialHost(readConfig(environment), createTools()));
  };
}

/** What the program can do; the order is that of the usage. */
export const commands: Record<string, Command> = {
  status: {
    words: 'what waits to be confirmed, what was confirmed last, what the next boot loads',
    run: onHost(async (host) => ({ text: await readStatus(host), exitCode: 0 })),
  },
  rollback: {
    words: 'puts the old rules back, if a change waits to be confirmed',
    more: 'It needs neither the service nor the network, and waits up to two minutes for a lock that is held.',
    run: onHost(rollback),
  },
  restore: {
    words: 'loads the saved rules; run at boot, before the network',
    more: 'Nothing is touched where no rules were ever saved through Moru. Exit code 1: not as they were saved.',
    run: onHost(async (host) => {
      const record = await restoreAtBoot(host);
      return { text: restoreWords(record), exitCode: record.alarm ? 1 : 0 };
    }),
  },
  run: {
    words: 'is the service itself; systemd starts it',
    run: async ([unexpected]) => {
      if (unexpected !== undefined) throw new UsageError(`${unexpected} is not understood`);
      return startService();
    },
  },
};

/** What main.ts does with the program's arguments; it stays. */
export async function startService(): Promise<CommandResult> {
  await import('../main.ts');
  return { text: '', exitCode: null };
}
