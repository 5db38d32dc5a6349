import { readConfig } from '../config.ts';
import { createTools } from '../firewall/tools.ts';
import { messageOf } from '../log.ts';
import { trialHost } from '../trial/host.ts';
import { type Command, commands } from './commands.ts';

/**
 * `moru-agent COMMAND` for somebody at the machine's own console, and for boot. Needs neither the running agent nor
 * the network. Words go to stdout, what went wrong to stderr.
 */
const [name = '', ...rest] = process.argv.slice(2);
const command: Command | undefined = Object.hasOwn(commands, name) ? commands[name] : undefined;

if (!command || rest.length > 0) {
  const lines = Object.entries(commands).map(([each, { words }]) => `  ${each.padEnd(10)}${words}`);
  process.stderr.write(`Usage: moru-agent COMMAND\n${lines.join('\n')}\n`);
  process.exitCode = 2;
} else {
  try {
    const { text, exitCode } = await command.run(trialHost(readConfig(process.env), createTools()));
    (exitCode === 0 ? process.stdout : process.stderr).write(`${text}\n`);
    process.exitCode = exitCode;
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}
