import { printSave } from '../print/print.ts';
import type { Command } from './command.ts';
import { dialectHelp, dialectOption, dialectOptions, inputHelp, inputOptions, readSource } from './input.ts';

/** Prints a rule file as `iptables-save` would. */
export const format: Command = {
  name: 'format',
  usage: '[FILE]',
  summary: 'print rules as iptables-save would; comments and table order stay',
  files: { least: 0, most: 1 },
  options: {
    ...inputOptions,
    ...dialectOptions,
    counters: { type: 'boolean', short: 'c' },
    check: { type: 'boolean' },
  },
  help: {
    '-c, --counters': 'with packet and byte counters',
    '--check': 'print nothing; exit 1 when the file is not in that form',
    ...dialectHelp,
    ...inputHelp,
  },
  run(given, context) {
    const { set, text } = readSource(given, context);
    const dialect = dialectOption(given);
    const printed = printSave(set, {
      counters: given.options.counters === true,
      ...(dialect && { dialect }),
    });
    if (given.options.check === true) return printed === text ? 0 : 1;
    context.write(printed);
    return 0;
  },
};
