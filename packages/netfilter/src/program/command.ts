import type { ParseArgsOptionsConfig } from 'node:util';
import type { Rule, RuleSet } from '../model.ts';
import { printRule } from '../print/print.ts';

/** A rule set with the text and the file that it was read from. */
export interface Source {
  /** as given on the command line; `-` is standard input */
  file: string;
  text: string;
  set: RuleSet;
}

/** What a command may touch. Tests give their own. */
export interface Context {
  /** Reads a file, or standard input for `-`. Throws the system's error. */
  read(file: string): string;
  /** Writes to standard output. */
  write(text: string): void;
  /** Writes one line to standard error. */
  note(line: string): void;
}

/** What stood on the command line behind the command's name. */
export interface Arguments {
  files: string[];
  options: Record<string, string | boolean | undefined>;
}

/** How the program ends: 0 fine, 1 findings or differences, 2 wrong usage or unreadable input. */
export type ExitCode = 0 | 1 | 2;

/** One command of the program. */
export interface Command {
  name: string;
  /** arguments in short, as the help shows them */
  usage: string;
  /** one line for the help */
  summary: string;
  /** what else to know before it is used, in lines for the command's own help */
  more?: string;
  /** how many files it reads; with none given and one allowed it is standard input */
  files: { least: number; most: number };
  options: ParseArgsOptionsConfig;
  /** name → what it is for, in the order of the help */
  help: Record<string, string>;
  run(given: Arguments, context: Context): ExitCode;
}

/** Wrong usage: told on standard error with exit 2. */
export class UsageError extends Error {}

/** A string option, or undefined. */
export function stringOption(given: Arguments, name: string): string | undefined {
  const value = given.options[name];
  return typeof value === 'string' ? value : undefined;
}

/** Writes a value as indented JSON; rules as their text, counters as strings since they have 64 bits. */
export function writeJson(context: Context, value: unknown): void {
  const plain = (_key: string, held: unknown): unknown => {
    if (typeof held === 'bigint') return String(held);
    return isRule(held) ? printRule(held) : held;
  };
  context.write(`${JSON.stringify(value, plain, 2)}\n`);
}

function isRule(value: unknown): value is Rule {
  return typeof value === 'object' && value !== null && 'matches' in value && 'verbatim' in value;
}
