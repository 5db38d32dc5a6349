import { parseArgs } from 'node:util';
import { NetfilterError } from '../error.ts';
import { check } from './check.ts';
import { type Command, type Context, type ExitCode, UsageError } from './command.ts';
import { diff } from './diff.ts';
import { shownWord } from './findings.ts';
import { format } from './format.ts';
import { InputError } from './input.ts';
import { list } from './list.ts';
import { plan } from './plan.ts';
import { trace } from './trace.ts';

export const commands: readonly Command[] = [format, check, list, diff, plan, trace];

/**
 * Runs one command line of the program, without its own name. What cannot be read or makes no sense is told by
 * `note` of the context, one line each, and ends with 2.
 */
export function run(args: readonly string[], context: Context): ExitCode {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const [about] = rest;
    if (about === undefined) {
      context.write(overview());
      return name === undefined ? 2 : 0;
    }
    const named = commandNamed(about, context);
    if (named) context.write(helpOf(named));
    return named ? 0 : 2;
  }
  const command = commandNamed(name, context);
  if (!command) return 2;
  if (rest.includes('--help')) {
    context.write(helpOf(command));
    return 0;
  }
  try {
    return command.run(readArguments(command, rest), context);
  } catch (error) {
    const lines = told(error);
    if (!lines) throw error;
    for (const line of lines) context.note(line);
    return 2;
  }
}

function commandNamed(name: string, context: Context): Command | undefined {
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) context.note(`netfilter: there is no command ${name}; netfilter help lists them`);
  return command;
}

function readArguments(command: Command, rest: readonly string[]): Parameters<Command['run']>[0] {
  const { values, positionals } = parseArgs({
    args: [...rest],
    options: command.options,
    allowPositionals: true,
    strict: true,
  });
  const { least, most } = command.files;
  if (positionals.length < least || positionals.length > most) {
    throw new UsageError(`usage: netfilter ${command.name} [options] ${command.usage}`);
  }
  return { files: positionals, options: values as Record<string, string | boolean | undefined> };
}

/** What is the caller's to mend, in lines; null for our own mistakes. */
function told(error: unknown): string[] | null {
  if (error instanceof InputError) {
    const { line, column, code, word, expected } = error.error;
    const at = line === undefined ? error.file : `${error.file}:${line}:${column ?? 1}`;
    const about = word === undefined ? '' : ` at ${shownWord(word)}`;
    return [`${at}: ${code}${about}${expected === undefined ? '' : `, expected ${expected}`}`];
  }
  // a value on the command line that is no port, address or protocol
  if (error instanceof NetfilterError) return [`netfilter: ${error.message}`];
  if (error instanceof UsageError) return [`netfilter: ${error.message}`];
  if (!(error instanceof Error)) return null;
  const ofSystem = 'syscall' in error;
  const ofArguments = 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  return ofSystem || ofArguments ? [`netfilter: ${error.message}`] : null;
}

function overview(): string {
  const rows = commands.map(({ name, usage, summary }): [string, string] => [`${name} ${usage}`, summary]);
  return `usage: netfilter COMMAND [options] [FILE]\n\n${columns(rows)}\nFILE is text of iptables-save or iptables -S; - or nothing reads standard input.\nnetfilter help COMMAND tells its options. Exit codes: 0 fine, 1 findings or differences, 2 unreadable.\n`;
}

function helpOf(command: Command): string {
  const rows = Object.entries(command.help);
  const options = rows.length > 0 ? `\n${columns(rows)}` : '';
  const more = command.more === undefined ? '' : `${command.more}\n`;
  return `usage: netfilter ${command.name} [options] ${command.usage}\n\n${command.summary}\n${more}${options}`;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}\n`).join('');
}
