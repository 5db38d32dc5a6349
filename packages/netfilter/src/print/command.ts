import { NetfilterError } from '../error.ts';
import type { Policy, Rule } from '../model.ts';
import { Lexer } from '../read/lexer.ts';
import { type Dialect, defaultDialect } from './dialect.ts';
import { printRule } from './print.ts';

/** One edit of one chain: what a command line says. */
export type RuleEdit = { table: string; chain: string } & (
  | { type: 'append' | 'check'; rule: Rule }
  /** with a number, the position from 1 is named instead of the rule */
  | { type: 'delete'; rule: Rule; number?: number }
  /** `number`: position from 1 */
  | { type: 'insert' | 'replace'; rule: Rule; number: number }
  | { type: 'policy'; policy: Policy }
  | { type: 'newChain' | 'deleteChain' | 'flush' }
  /** of one rule of the chain where there is a number */
  | { type: 'zero'; number?: number }
);

const options = {
  append: '-A',
  check: '-C',
  delete: '-D',
  insert: '-I',
  replace: '-R',
  policy: '-P',
  newChain: '-N',
  deleteChain: '-X',
  flush: '-F',
  zero: '-Z',
} as const satisfies Record<RuleEdit['type'], string>;

/**
 * The line that an administrator would type for the edit (`sudo iptables -A INPUT -p tcp …`). To read and copy:
 * nothing of this project runs it. A delete with a number names the position, as the guide does. The rule is in the
 * words of `dialect`.
 */
export function commandOf(
  edit: RuleEdit,
  program: 'iptables' | 'ip6tables' = 'iptables',
  dialect: Dialect = defaultDialect,
): string {
  const table = edit.table === 'filter' ? [] : ['-t', edit.table];
  return [
    `sudo ${program}`,
    ...table,
    options[edit.type],
    shellWord(edit.chain),
    ...argumentsOf(edit, dialect),
  ].join(' ');
}

function argumentsOf(edit: RuleEdit, dialect: Dialect): string[] {
  if (edit.type === 'policy') return [edit.policy];
  const number = 'number' in edit && edit.number !== undefined ? [String(edit.number)] : [];
  if (!('rule' in edit) || (edit.type === 'delete' && number.length > 0)) return number;
  const words = shellSafe(printRule(edit.rule, { dialect }));
  return words === '' ? number : [...number, words];
}

/** Words that no shell reads anything into: blanks, quotes, expansions, comments and separators are all left out. */
const plain = /^(?:[\w@%+=:,./-]+|!)$/;

/**
 * Save form as words of a shell. Only strings stand in quotes there, while a name may hold anything but a blank:
 * `-j $(id)` jumps to a chain, and the shell would run the program.
 */
function shellSafe(words: string): string {
  const out: string[] = [];
  const lexer = new Lexer(words);
  try {
    for (let word = lexer.word(); word !== null; word = lexer.word()) {
      out.push(lexer.quoted ? shellQuoted(word) : shellWord(word));
    }
  } catch (error) {
    if (!(error instanceof NetfilterError)) throw error;
    // a rule that is held as text because its words cannot be told
    return shellQuoted(words);
  }
  return out.join(' ');
}

const shellWord = (word: string): string => (plain.test(word) ? word : shellQuoted(word));

/** A shell word of any value: double quotes where nothing in it means something there, as save form has them. */
function shellQuoted(value: string): string {
  if (/^[^$`"\\!]*$/.test(value)) return `"${value}"`;
  return `'${value.replaceAll("'", "'\\''")}'`;
}
