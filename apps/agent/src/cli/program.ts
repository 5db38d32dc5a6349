import { jobArgument } from '../large/limits.ts';
import { messageOf } from '../log.ts';
import { errorCode } from '../process/durable.ts';
import { type CommandResult, UsageError } from './command.ts';
import { commands, startService } from './commands.ts';
import { helpText, usageText, versionText } from './help.ts';

/**
 * Carries out `moru-agent COMMAND …` for somebody at the machine's own console, for boot, and for the service. Exit
 * codes: 0 done, or nothing to do; 1 not done, with the reason; 2 not understood.
 */
export async function runCommand(
  [name = '', ...args]: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<CommandResult> {
  if (['help', '--help', '-h'].includes(name)) return { text: helpText(), exitCode: 0 };
  if (['version', '--version', '-V'].includes(name)) return { text: versionText(), exitCode: 0 };
  // the service's own child (large/relay.ts), which is not for people
  if (name === jobArgument) return startService();
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    const trouble = name === '' ? '' : `moru-agent: no such command: ${name}\n`;
    return { text: `${trouble}${helpText()}`, exitCode: 2 };
  }
  if (args.includes('--help') || args.includes('-h')) return { text: usageText(name, command), exitCode: 0 };
  try {
    return await command.run(args, environment);
  } catch (error) {
    if (error instanceof UsageError)
      return { text: `moru-agent ${name}: ${error.message}\n${usageText(name, command)}`, exitCode: 2 };
    return { text: `moru-agent ${name}: ${reasonOf(error)}`, exitCode: 1 };
  }
}

function reasonOf(error: unknown): string {
  const denied = ['EACCES', 'EPERM'].includes(errorCode(error) ?? '');
  return denied ? `${messageOf(error)} (it has to be run as root)` : messageOf(error);
}
