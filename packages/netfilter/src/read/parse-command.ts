import { NetfilterError } from '../error.ts';
import { builtInChains, type Family } from '../model.ts';
import type { Dialect } from '../print/dialect.ts';
import type { Command } from './command.ts';
import { type Locate, readCommand } from './read-command.ts';
import { isNote, type Redirect, readShell, type SimpleCommand } from './shell-words.ts';
import { moved, SourceText, type Word } from './words.ts';

export interface CommandOptions {
  /** of a line without a program's name (`-A INPUT …`); default ipv4 */
  family?: Family;
  /**
   * Refuses what this version takes for something else: `-ptcp` and `-s10.0.0.1` in 1.8.9. Without it,
   * everything is read that some version reads (`-s ! 10.0.0.1`, which came before 1.4.3, too).
   */
  dialect?: Dialect;
}

/**
 * Reads one command as an administrator types it: `sudo iptables …`, `ip6tables …`, `iptables-legacy`,
 * `/usr/sbin/iptables-nft`, `iptables-save > FILE`, `iptables-restore < FILE`, `cat FILE`, or the options alone
 * (`-A INPUT -j ACCEPT`). Quoting is the shell's; nothing is expanded and nothing runs.
 *
 * Throws NetfilterError with line, column, word and what was expected: `shell.expansion` for `$NAME` and the
 * like, `command.several` for more than one command, `command.unknown` for another program, `word.missing`
 * where the text ends too early.
 */
export function parseCommand(text: string, options: CommandOptions = {}): Command {
  const commands = readShell(text).filter((item) => !isNote(item));
  const [first, ...more] = commands as SimpleCommand[];
  if (!first) throw new NetfilterError('command.missing', { line: 1, column: 1, expected: 'iptables …' });
  return commandOfPipeline([first, ...more], new SourceText(text), options);
}

/** The command of program calls that pipes join. Offsets of their words are those of the source. */
export function commandOfPipeline(
  calls: readonly [SimpleCommand, ...SimpleCommand[]],
  source: SourceText,
  options: CommandOptions = {},
): Command {
  const [first, second, third] = calls;
  const locate = locator(source, first);
  if (!second) return commandOfCall(first, options, locate);
  const tail = locator(source, second);
  if (first.operator !== '|' || third) {
    throw tail(
      new NetfilterError('command.several', { expected: 'one command' }),
      (third ?? second).words[0] ?? null,
    );
  }
  return pipe(commandOfCall(first, options, locate), second, options, tail);
}

/** `iptables-save | tee FILE` and `cat FILE | iptables-restore`. */
function pipe(command: Command, call: SimpleCommand, options: CommandOptions, locate: Locate): Command {
  const { words } = call;
  const name = programOf(words);
  if (command.kind === 'save' && command.path === null && name?.program === 'tee') {
    const rest = words.slice(name.length);
    const append = rest[0]?.text === '-a' || rest[0]?.text === '--append';
    const [path, other] = append ? rest.slice(1) : rest;
    if (!path || other)
      throw locate(new NetfilterError('word.missing', { expected: 'one path' }), other ?? null);
    return { ...command, path: path.text, append };
  }
  if (command.kind === 'showFile') {
    const next = commandOfCall(call, options, locate);
    if (next.kind === 'restore' && next.path === null) return { ...next, path: command.path };
  }
  throw locate(
    new NetfilterError('command.unknown', { expected: 'tee | iptables-restore' }),
    words[0] ?? null,
  );
}

/** Gives errors the place of their word, or of the call's end. */
export function locator(source: SourceText, { end }: { end: number }): Locate {
  return (error, word) => moved(error, word ? source.placeOf(word) : source.place(end));
}

interface ProgramName {
  program: string;
  /** words up to and with the name */
  length: number;
}

/** sudo's options without an argument, and those with one. */
const sudoFlags = /^(-[bEHknPS]+|--preserve-env|--non-interactive|--set-home|--)$/;
const sudoValues = /^(-[ugpChrt]|--user|--group)$/;

/** The program's name behind `sudo` and its path; null where only options stand. */
function programOf(words: readonly Word[]): ProgramName | null {
  let index = 0;
  while (words[index]?.text === 'sudo') {
    index++;
    for (let word = words[index]?.text; word !== undefined; word = words[index]?.text) {
      if (sudoFlags.test(word)) index++;
      else if (sudoValues.test(word)) index += 2;
      else break;
    }
  }
  const word = words[index];
  if (!word || word.text.startsWith('-')) return null;
  return { program: word.text.replace(/^(\/usr)?(\/local)?\/s?bin\//, ''), length: index + 1 };
}

const programs = /^(ip6?tables)(-legacy|-nft)?(-save|-restore)?$/;

function commandOfCall(call: SimpleCommand, options: CommandOptions, locate: Locate): Command {
  const { words, redirects } = call;
  const name = programOf(words);
  const rest = words.slice(name?.length ?? words.findIndex((word) => word.text.startsWith('-')));
  if (name?.program === 'cat') return readCat(rest, redirects, locate);
  const [, base, , action] = name ? (programs.exec(name.program) ?? []) : ['', 'iptables'];
  if (base === undefined) {
    const word = words[(name?.length ?? 1) - 1] ?? null;
    throw locate(new NetfilterError('command.unknown', { expected: 'iptables | ip6tables | cat' }), word);
  }
  const family = name === null ? (options.family ?? 'ipv4') : base === 'iptables' ? 'ipv4' : 'ipv6';
  if (action === '-save') return readSave(rest, redirects, family, locate);
  if (action === '-restore') return readRestore(rest, redirects, family, locate);
  refuseRedirects(redirects, locate);
  if (words.length === (name?.length ?? 0)) {
    throw locate(
      new NetfilterError('command.missing', { expected: '-A | -I | -D | -R | -L | -S | …' }),
      null,
    );
  }
  const command = readCommand(
    rest,
    { family, ...(options.dialect ? { dialect: options.dialect } : {}) },
    locate,
  );
  if (command === null) throw locate(new NetfilterError('command.missing'), null);
  return command;
}

function refuseRedirects(redirects: readonly Redirect[], locate: Locate): void {
  const [redirect] = redirects;
  if (redirect)
    throw locate(new NetfilterError('shell.construct', { expected: 'no redirect' }), redirect.path);
}

/** The one path of `< FILE`, `> FILE` or a word. */
function onePath(redirects: readonly Redirect[], direction: 'in' | 'out', locate: Locate): Redirect | null {
  const [redirect, other] = redirects;
  const wrong =
    other ?? (redirect && (redirect.kind === 'in') !== (direction === 'in') ? redirect : undefined);
  if (wrong)
    throw locate(
      new NetfilterError('shell.construct', { expected: direction === 'in' ? '< FILE' : '> FILE' }),
      wrong.path,
    );
  return redirect ?? null;
}

function readCat(words: readonly Word[], redirects: readonly Redirect[], locate: Locate): Command {
  const path = words[0] ?? onePath(redirects, 'in', locate)?.path;
  if (!path) throw locate(new NetfilterError('word.missing', { expected: 'path' }), null);
  const other = words[1] ?? (words[0] ? redirects[0]?.path : undefined);
  if (other) throw locate(new NetfilterError('word.unexpected', { expected: 'one path' }), other);
  if (path.text.startsWith('-'))
    throw locate(new NetfilterError('option.unknown', { expected: 'path' }), path);
  return { kind: 'showFile', path: path.text };
}

/** A value of `-t NAME`, `-tNAME`, `--table NAME`, `--table=NAME` and of options that matter to nobody here. */
function* programOptions(
  words: readonly Word[],
  withValue: string,
  longWithValue: readonly string[],
  locate: Locate,
) {
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (!word) return;
    const { text } = word;
    const equals = text.indexOf('=');
    if (text.startsWith('--')) {
      const name = equals < 0 ? text : text.slice(0, equals);
      let value = equals < 0 ? undefined : text.slice(equals + 1);
      if (value === undefined && longWithValue.includes(name)) value = words[++index]?.text;
      if (value === undefined && longWithValue.includes(name)) throw missing(name, locate);
      yield { name, value, word };
    } else if (text.startsWith('-') && text.length > 1) {
      for (let at = 1; at < text.length; at++) {
        const letter = text.charAt(at);
        if (!withValue.includes(letter)) {
          yield { name: `-${letter}`, value: undefined, word };
          continue;
        }
        const value = at + 1 < text.length ? text.slice(at + 1) : words[++index]?.text;
        if (value === undefined) throw missing(`-${letter}`, locate);
        yield { name: `-${letter}`, value, word };
        break;
      }
    } else yield { name: '', value: text, word };
  }
}

const missing = (name: string, locate: Locate) =>
  locate(new NetfilterError('word.missing', { expected: `${name} VALUE` }), null);

function tableOf(value: string | undefined, word: Word, locate: Locate): string {
  if (value !== undefined && Object.hasOwn(builtInChains, value)) return value;
  throw locate(
    new NetfilterError('save.tableUnknown', {
      expected: Object.keys(builtInChains).join(' | '),
      params: { table: value ?? '' },
    }),
    word,
  );
}

/** Measured with 1.8.9: `-c -t TABLE -M PATH -f FILE -V`; `-d` is old and hidden. */
function readSave(
  words: readonly Word[],
  redirects: readonly Redirect[],
  family: Family,
  locate: Locate,
): Command {
  const redirect = onePath(redirects, 'out', locate);
  let table: string | null = null;
  let counters = false;
  let path = redirect?.path.text ?? null;
  for (const { name, value, word } of programOptions(
    words,
    'tMf',
    ['--table', '--modprobe', '--file'],
    locate,
  )) {
    if (name === '-c' || name === '--counters') counters = true;
    else if (name === '-t' || name === '--table') table = tableOf(value, word, locate);
    else if (name === '-f' || name === '--file') path = value ?? null;
    else if (name === '-V' || name === '--version') return { kind: 'version', family };
    else
      throw locate(
        new NetfilterError(name === '' ? 'word.unexpected' : 'option.unknown', {
          expected: '-c | -t TABLE | > FILE',
        }),
        word,
      );
  }
  return { kind: 'save', family, table, counters, path, append: redirect?.kind === 'append' };
}

/** Measured with 1.8.9: `-c -n -t -v -w [seconds] -T TABLE FILE`. */
function readRestore(
  words: readonly Word[],
  redirects: readonly Redirect[],
  family: Family,
  locate: Locate,
): Command {
  let path = onePath(redirects, 'in', locate)?.path.text ?? null;
  const command = {
    kind: 'restore' as const,
    family,
    table: null as string | null,
    counters: false,
    noFlush: false,
    test: false,
  };
  let wait = false;
  for (const { name, value, word } of programOptions(
    words,
    'TMW',
    ['--table', '--modprobe', '--wait-interval'],
    locate,
  )) {
    const afterWait = wait;
    wait = false;
    if (name === '-c' || name === '--counters') command.counters = true;
    else if (name === '-n' || name === '--noflush') command.noFlush = true;
    else if (name === '-t' || name === '--test') command.test = true;
    else if (name === '-T' || name === '--table') command.table = tableOf(value, word, locate);
    else if (name === '-V' || name === '--version') return { kind: 'version', family };
    else if (name === '-h' || name === '--help') return { kind: 'help', family };
    else if (name === '-w' || name === '--wait') wait = value === undefined;
    else if (['-v', '--verbose', '-W', '--wait-interval'].includes(name)) continue;
    else if (name === '' && afterWait && /^\d+$/.test(value ?? '')) continue;
    else if (name === '' && path === null) path = value ?? null;
    else
      throw locate(
        new NetfilterError(name === '' ? 'word.unexpected' : 'option.unknown', {
          expected: '-n | -c | --test | < FILE',
        }),
        word,
      );
  }
  return { ...command, path };
}
