import { restoreAtBoot } from '../boot/restore.ts';
import { readConfig } from '../config.ts';
import { enrolCommand } from '../enrol/command.ts';
import { createTools } from '../firewall/tools.ts';
import { loadMarks } from '../foreign/marks.ts';
import { type TrialHost, trialHost } from '../trial/host.ts';
import { type Command, type CommandResult, UsageError } from './command.ts';
import { rollback } from './rollback.ts';
import { readStatus } from './status.ts';
import { restoreWords } from './words.ts';

/** A command without options that needs to know the host. */
function onHost(act: (host: TrialHost) => Promise<CommandResult>): Command['run'] {
  return async ([unexpected], environment) => {
    if (unexpected !== undefined) throw new UsageError(`${unexpected} is not understood`);
    const config = readConfig(environment);
    try {
      loadMarks(config.stateFolder);
    } catch {
      // nothing may keep somebody at the machine's own console from acting
    }
    return act(trialHost(config, createTools()));
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
  enrol: enrolCommand,
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
