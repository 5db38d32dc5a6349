import { ConfigError, loadStoreConfig } from '../config.ts';
import { type Command, commands } from './commands.ts';

/**
 * `moru-bff COMMAND` for whoever looks after an installation. Reads the environment of the BFF. Words go to stdout,
 * what went wrong to stderr.
 */
const [name = '', ...rest] = process.argv.slice(2);
const command: Command | undefined = Object.hasOwn(commands, name) ? commands[name] : undefined;

if (!command || rest.length !== command.takes.length) {
  const lines = Object.entries(commands).map(
    ([each, { takes, words }]) => `  ${[each, ...takes].join(' ').padEnd(14)} ${words}`,
  );
  process.stderr.write(`Usage: moru-bff COMMAND\n${lines.join('\n')}\n`);
  process.exitCode = 2;
} else {
  try {
    const { text, exitCode } = await command.run(loadStoreConfig(process.env), rest);
    (exitCode === 0 ? process.stdout : process.stderr).write(`${text}\n`);
    process.exitCode = exitCode;
  } catch (error) {
    const problems = error instanceof ConfigError ? error.problems : [String(error)];
    for (const problem of problems) process.stderr.write(`${problem}\n`);
    process.exitCode = 1;
  }
}
