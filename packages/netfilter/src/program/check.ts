import type { Finding } from '../check/validate.ts';
import { validateSet } from '../check/validate-set.ts';
import { dialectFindings } from '../dialects/findings.ts';
import type { NetfilterError } from '../error.ts';
import type { RuleSet } from '../model.ts';
import { backendOf, type Dialect } from '../print/dialect.ts';
import { type Command, writeJson } from './command.ts';
import { paramsText, shownWord } from './findings.ts';
import {
  dialectHelp,
  dialectOption,
  dialectOptions,
  inputHelp,
  inputOptions,
  readTexts,
  tryRead,
} from './input.ts';
import { ruleLines } from './rule-lines.ts';

/** A finding as the program tells it. */
interface Told {
  file: string;
  /** null: about a chain or a table without a line of its own */
  line: number | null;
  column: number | null;
  severity: Finding['severity'];
  code: string;
  /** `filter INPUT 3`, or the word that could not be read */
  at: string;
  field: string | null;
  params: Finding['params'];
}

/** Looks for everything that is wrong or doubtful in rule files. */
export const check: Command = {
  name: 'check',
  usage: '[FILE …]',
  summary:
    'tell what is wrong or doubtful beyond what iptables-restore --test refuses; exit 1 when anything is',
  files: { least: 0, most: 1_000 },
  options: {
    ...inputOptions,
    ...dialectOptions,
    json: { type: 'boolean' },
    'errors-only': { type: 'boolean' },
  },
  help: {
    '--errors-only': 'leave warnings out',
    '--json': 'as data',
    ...dialectHelp,
    ...inputHelp,
  },
  run(given, context) {
    const dialect = dialectOption(given);
    const found = readTexts(given, context).flatMap(({ file, text }) => {
      const { set, text: read, errors } = tryRead(text, given);
      return [
        ...errors.map((error) => unreadable(file, error)),
        ...(set ? findings(file, read, set, dialect) : []),
      ];
    });
    const shown = found.filter(
      ({ severity }) => severity === 'error' || given.options['errors-only'] !== true,
    );
    shown.sort((a, b) => (a.file === b.file ? (a.line ?? 0) - (b.line ?? 0) : 0));
    if (given.options.json === true) writeJson(context, shown);
    else for (const each of shown) context.write(lineOf(each));
    return shown.length > 0 ? 1 : 0;
  },
};

function unreadable(file: string, error: NetfilterError): Told {
  const { line, column, code, word, expected, field, params } = error;
  return {
    file,
    line: line ?? null,
    column: column ?? null,
    severity: 'error',
    code,
    at: word === undefined ? '' : shownWord(word),
    field: field ?? null,
    params: expected === undefined ? params : { ...params, expected },
  };
}

function findings(file: string, text: string, set: RuleSet, dialect: Dialect | undefined): Told[] {
  const lines = ruleLines(text);
  const ofSet = validateSet(set, dialect ? { backend: backendOf(dialect) } : {});
  const ofDialect = dialect
    ? set.tables.flatMap((table) =>
        table.chains.flatMap((chain) =>
          chain.rules.flatMap((rule, index) =>
            dialectFindings(rule, dialect).map((each) => ({
              ...each,
              ...{ table: table.name, chain: chain.name, index },
            })),
          ),
        ),
      )
    : [];
  return [...ofSet, ...ofDialect].map(({ table, chain, index, severity, code, field, params }) => ({
    file,
    line: index === null ? null : (lines.get(`${table} ${chain} ${index}`) ?? null),
    column: null,
    severity,
    code,
    at: [table, chain, index === null ? null : index + 1].filter((part) => part !== null).join(' '),
    field,
    params,
  }));
}

function lineOf({ file, line, column, severity, code, at, field, params }: Told): string {
  const place = [file, line, column].filter((part) => part !== null).join(':');
  const about = field === null ? '' : ` ${field}`;
  return `${place}: ${severity} ${code}${about}${at === '' ? '' : ` at ${at}`}${paramsText(params)}\n`;
}
