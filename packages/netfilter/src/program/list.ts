import { printListing } from '../print/listing.ts';
import { type Command, stringOption, UsageError } from './command.ts';
import { dialectHelp, dialectOption, dialectOptions, inputHelp, inputOptions, readSource } from './input.ts';

/** Prints the `-nvL` table of a rule file. */
export const list: Command = {
  name: 'list',
  usage: '[FILE]',
  summary: 'print the table of iptables -nL --line-numbers --verbose',
  files: { least: 0, most: 1 },
  options: { ...inputOptions, ...dialectOptions, table: { type: 'string', short: 't' } },
  help: {
    '-t, --table NAME': 'only this table; default: every table of the file',
    ...dialectHelp,
    ...inputHelp,
  },
  run(given, context) {
    const { set } = readSource(given, context);
    const dialect = dialectOption(given);
    const wanted = stringOption(given, 'table');
    const tables = set.tables.filter(({ name }) => wanted === undefined || name === wanted);
    if (wanted !== undefined && tables.length === 0) throw new UsageError(`no table ${wanted} in the file`);
    for (const [index, { name }] of tables.entries()) {
      if (tables.length > 1) context.write(`${index > 0 ? '\n' : ''}Table ${name}\n`);
      context.write(printListing(set, name, dialect ? { dialect } : {}));
    }
    return 0;
  },
};
