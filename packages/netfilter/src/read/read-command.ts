import { checkNewChainName } from '../check/chain-name.ts';
import { type NetfilterCode, NetfilterError } from '../error.ts';
import { builtInChains, type Family, type Policy, type Rule } from '../model.ts';
import { type Dialect, versionOf } from '../print/dialect.ts';
import { readCounter } from '../values/counter.ts';
import type { InfoCommand, TableCommand } from './command.ts';
import { type RuleWord, rulesOfWords } from './command-rule.ts';
import { type Demand, type FoundOption, OptionWalker } from './option-walker.ts';
import type { Word } from './words.ts';

export interface CommandContext {
  family: Family;
  /** takes only what this version reads as it is meant; without it, what any version takes */
  dialect?: Dialect;
  /** the table of the restore file that the command stands in: `-t` and `-w` are then refused */
  restoreTable?: string;
}

/** Where an error belongs: the word, or null for the end of the command. */
export type Locate = (error: NetfilterError, word: Word | null) => NetfilterError;

/**
 * Reads the words behind the program's name as the tool's getopt does: options in any order, several letters in
 * a word, shortened long options, `!` before an option. Returns null for a line of another family (`-6` in an
 * IPv4 restore file), which the tool skips. Measured with 1.8.9.
 */
export function readCommand(
  words: readonly Word[],
  context: CommandContext,
  locate: Locate,
): TableCommand | InfoCommand | null {
  return new CommandReader(context, locate).read(words);
}

type Letter = 'A' | 'C' | 'D' | 'I' | 'R' | 'L' | 'S' | 'F' | 'Z' | 'N' | 'X' | 'E' | 'P' | 'V' | 'h';

/** Options whose value in the same word 1.8.9 misreads: it takes the whole word for the value (`-ieth0` is an interface called so). */
const misreadLong: ReadonlySet<string> = new Set(['s', 'd', 'p', 'j', 'i', 'o']);

class CommandReader {
  private readonly context: CommandContext;
  private readonly locate: Locate;
  private readonly walker: OptionWalker;
  private readonly commands: { letter: Letter; word: Word }[] = [];
  private readonly modes = new Map<string, Word>();
  private readonly rule: RuleWord[] = [];
  /** letters of rule options in use, for commands that take none */
  private readonly ruleOptions: Word[] = [];
  private readonly values = new Map<string, Word>();
  private table: Word | null = null;
  private negation: Word | null = null;
  private otherFamily = false;

  constructor(context: CommandContext, locate: Locate) {
    this.context = context;
    this.locate = locate;
    this.walker = new OptionWalker(this.oldNegation);
  }

  private get oldNegation(): boolean {
    return this.context.dialect === undefined && this.context.restoreTable === undefined;
  }

  read(words: readonly Word[]): TableCommand | InfoCommand | null {
    for (const [index, word] of words.entries()) {
      if (word.text === '--' && this.walker.demand?.need !== 'must') {
        const after = words[index + 1];
        if (after) throw this.error('word.unexpected', after, 'no word behind --');
        break;
      }
      this.take(word);
      if (this.otherFamily) return null;
    }
    try {
      this.walker.finish();
    } catch (error) {
      throw error instanceof NetfilterError ? this.locate(error, null) : error;
    }
    if (this.negation) throw this.error('word.unexpected', this.negation, 'an option after !');
    return this.command();
  }

  private error(code: NetfilterCode, word: Word | null, expected?: string, params?: object): NetfilterError {
    const place = {
      ...(expected === undefined ? {} : { expected }),
      ...(params ? { params: { ...params } } : {}),
    };
    return this.locate(new NetfilterError(code, place), word);
  }

  private take(word: Word): void {
    let seen: ReturnType<OptionWalker['take']>;
    try {
      seen = this.walker.take(word.text);
    } catch (error) {
      throw error instanceof NetfilterError ? this.locate(error, word) : error;
    }
    switch (seen.kind) {
      case 'value':
        this.value(seen.of, word);
        return;
      case 'options':
        for (const option of seen.options) this.option(option, word);
        return;
      case 'negation':
        if (this.negation) throw this.error('word.unexpected', word, 'an option');
        this.negation = word;
        return;
      case 'ambiguous':
        throw this.error('option.ambiguous', word, seen.names.join(' | '));
      default:
        // the reader of rules knows whether this belongs to a match that is kept as text
        this.pushRule(word, null);
    }
  }

  private pushRule(word: Word, address: RuleWord['address']): void {
    if (this.negation) {
      this.rule.push({ ...this.negation, address: null });
      this.negation = null;
    }
    this.rule.push({ ...word, address });
  }

  private option({ option, name, glued }: FoundOption, word: Word): void {
    if (option === null) {
      this.pushRule(word, null);
      return;
    }
    const { letter, role } = option;
    if (role === 'rule') {
      this.refuseMisread(letter, glued, word);
      this.ruleOptions.push(word);
      this.pushRule({ ...word, text: name }, null);
      if (glued !== null) this.ruleValue(letter, { ...word, text: glued });
      return;
    }
    if (this.negation) throw this.error('option.negated', this.negation, 'the option without !');
    if (role === 'command') this.commands.push({ letter: letter as Letter, word });
    else this.mode(letter, word);
    if (glued !== null) {
      const argument = option.arguments[0]?.kind ?? 'value';
      this.value({ option, name, argument, need: 'must', expected: '' }, { ...word, text: glued });
    }
  }

  private refuseMisread(letter: string, glued: string | null, word: Word): void {
    if (glued === null || versionOf(this.context.dialect ?? '1.8.11') !== '1.8.9') return;
    const long = word.text.startsWith('--');
    const misread = long ? misreadLong.has(letter) : letter !== 'm' && letter !== 'g';
    if (misread) throw this.error('option.glued', word, `-${letter} ${glued}`);
  }

  private mode(letter: string, word: Word): void {
    const { restoreTable, family } = this.context;
    if (restoreTable !== undefined && 'twW'.includes(letter)) throw this.error('option.inRestore', word);
    if (letter === '4' || letter === '6') {
      const same = (letter === '6') === (family === 'ipv6');
      if (!same && restoreTable === undefined) throw this.error('option.withCommand', word);
      if (!same) this.otherFamily = true;
      return;
    }
    if (letter === 'M') throw this.error('option.unknown', word);
    if ('nx0c'.includes(letter) && this.modes.has(letter)) throw this.error('option.twice', word);
    this.modes.set(letter, word);
  }

  private value(demand: Demand, word: Word): void {
    const letter = demand.option?.letter ?? '';
    if (demand.option === null || demand.option.role === 'rule') {
      this.ruleValue(letter, word);
      return;
    }
    if (letter === 't') this.table = word;
    else if (demand.argument === 'seconds') return;
    else if (demand.argument === 'newChain' && letter === 'E') this.values.set('name', word);
    else if (demand.argument === 'newChain') this.values.set('chain', word);
    else this.values.set(demand.argument, word);
  }

  private ruleValue(letter: string, word: Word): void {
    this.pushRule(word, letter === 's' ? 'source' : letter === 'd' ? 'destination' : null);
  }

  private command(): TableCommand | InfoCommand {
    const letter = this.letter();
    const { family } = this.context;
    if (letter === 'V' || letter === 'h') return { kind: letter === 'V' ? 'version' : 'help', family };
    this.checkOptions(letter);
    const on = { family, table: this.tableName() };
    const chain = this.chainName();
    switch (letter) {
      case 'N':
        return { kind: 'newChain', ...on, chain: this.newChainName('chain') };
      case 'E':
        return { kind: 'renameChain', ...on, chain: chain ?? '', name: this.newChainName('name') };
      case 'P':
        return {
          kind: 'policy',
          ...on,
          chain: chain ?? '',
          policy: this.policy(on.table),
          counters: this.counters(),
        };
      case 'F':
      case 'X':
        return { kind: letter === 'F' ? 'flush' : 'deleteChain', ...on, chain };
      case 'Z':
        return { kind: 'zero', ...on, chain, position: this.position() };
      case 'L':
      case 'S':
        return this.list(letter, on, chain);
      default:
        return this.ruleCommand(letter, on, chain ?? '');
    }
  }

  /** The one command; `-Z` may stand beside `-L` or `-S`. */
  private letter(): Letter {
    const [first, second] = this.commands;
    if (!first) {
      throw this.error('command.missing', this.rule[0] ?? null, '-A | -I | -D | -R | -L | -S | …');
    }
    // these two end the program at once
    const info = this.commands.find(({ letter }) => letter === 'V' || letter === 'h');
    if (info) return info.letter;
    if (!second) return first.letter;
    const letters = this.commands.map(({ letter }) => letter);
    const listing = letters.find((letter) => letter === 'L' || letter === 'S');
    const third = this.commands[2];
    if (third || !listing || !letters.includes('Z')) {
      throw this.error('command.several', (third ?? second).word, 'one command');
    }
    return listing;
  }

  private checkOptions(letter: Letter): void {
    const allowed = letter === 'L' ? 'vnx0' : 'AIRP'.includes(letter) ? 'vc' : 'v';
    for (const [mode, word] of this.modes) {
      if (mode === 'w' || mode === 'W' || mode === 't' || allowed.includes(mode)) continue;
      throw this.error('option.withCommand', word, undefined, { command: `-${letter}` });
    }
    const wait = this.modes.get('W');
    if (wait && !this.modes.has('w')) throw this.error('option.required', wait, '-w');
    const takesRule = 'ACIR'.includes(letter) || (letter === 'D' && !this.values.has('position'));
    const stray = takesRule ? undefined : (this.ruleOptions[0] ?? this.rule[0]);
    if (!stray) return;
    const known = stray === this.ruleOptions[0];
    throw this.error(known ? 'option.withCommand' : 'word.unexpected', stray, undefined, {
      command: `-${letter}`,
    });
  }

  private tableName(): string {
    const { restoreTable } = this.context;
    if (restoreTable !== undefined) return restoreTable;
    const name = this.table?.text ?? 'filter';
    if (Object.hasOwn(builtInChains, name)) return name;
    throw this.error('save.tableUnknown', this.table, Object.keys(builtInChains).join(' | '), {
      table: name,
    });
  }

  private chainName(): string | null {
    const word = this.values.get('chain');
    if (!word) return null;
    const { text } = word;
    if (text === '' || text.length > 28 || new TextEncoder().encode(text).length > 28 || /\s/.test(text)) {
      throw this.error('chain.name', word, 'chain, at most 28 bytes');
    }
    return text;
  }

  private newChainName(key: 'chain' | 'name'): string {
    const word = this.values.get(key);
    try {
      checkNewChainName(word?.text ?? '');
    } catch (error) {
      throw error instanceof NetfilterError ? this.locate(error, word ?? null) : error;
    }
    return word?.text ?? '';
  }

  private policy(table: string): Policy {
    const word = this.values.get('policy');
    const name = word?.text;
    if (name !== 'ACCEPT' && name !== 'DROP') throw this.error('save.policy', word ?? null, 'ACCEPT | DROP');
    if (name === 'DROP' && table === 'nat') {
      throw this.error('target.place', word ?? null, 'ACCEPT', {
        target: name,
        table,
        chain: this.chainName() ?? '',
      });
    }
    return name;
  }

  /** `-c packets bytes` or `-c packets,bytes`; counters of the tool wrap, ours are refused. */
  private counters(): { packets: bigint; bytes: bigint } | null {
    const first = this.values.get('packets');
    if (!first) return null;
    const [left = '', right] = first.text.split(',', 2);
    const packets = readCounter(left);
    const bytes = readCounter(right ?? this.values.get('bytes')?.text ?? '');
    if (packets === null || bytes === null) throw this.error('save.counters', first, '-c packets bytes');
    return { packets, bytes };
  }

  /** A rule number as strtoul reads it: `010` is 8 and `0x10` is 16. */
  private position(): number | null {
    const word = this.values.get('position');
    if (!word) return null;
    const text = word.text.trim().replace(/^\+/, '');
    const value = /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text);
    const plain = /^(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)$/i.test(text);
    if (!plain || value < 1 || value > 0x7fffffff)
      throw this.error('position.invalid', word, 'rule number, from 1');
    return value;
  }

  private list(letter: 'L' | 'S', on: { family: Family; table: string }, chain: string | null): TableCommand {
    const zero = this.commands.length > 1;
    return {
      kind: letter === 'L' ? 'list' : 'listRules',
      ...on,
      chain,
      position: this.position(),
      verbose: this.modes.has('v'),
      numeric: this.modes.has('n'),
      exact: this.modes.has('x'),
      lineNumbers: this.modes.has('0'),
      zero,
    };
  }

  private ruleCommand(letter: Letter, on: { family: Family; table: string }, chain: string): TableCommand {
    const position = this.position();
    if (letter === 'D' && position !== null) return { kind: 'deleteAt', ...on, chain, position };
    const rules = this.rules(on.table, chain);
    if (letter === 'I') return { kind: 'insert', ...on, chain, position: position ?? 1, rules };
    if (letter !== 'R') {
      const kind = letter === 'A' ? 'append' : letter === 'D' ? 'delete' : 'check';
      return { kind, ...on, chain, rules };
    }
    const [rule, other] = rules;
    if (!rule || other) {
      const word = this.rule.find(({ address, text }) => address !== null && text.includes(','));
      throw this.error('address.several', word ?? null, 'one address');
    }
    return { kind: 'replace', ...on, chain, position: position ?? 1, rule };
  }

  private rules(table: string, chain: string): Rule[] {
    const counters = this.counters();
    let rules: Rule[];
    try {
      rules = rulesOfWords(this.rule, this.context.family, this.oldNegation);
    } catch (error) {
      if (!(error instanceof NetfilterError)) throw error;
      throw this.locate(error, this.rule[error.column ?? 0] ?? null);
    }
    for (const rule of rules) {
      this.refusePlace(rule, table, chain);
      if (counters) Object.assign(rule, counters);
    }
    return rules;
  }

  /** What the tool itself refuses, by the chain's name alone. */
  private refusePlace(rule: Rule, table: string, chain: string): void {
    const optionWord = (name: string) => this.ruleOptions.find(({ text }) => text.startsWith(name)) ?? null;
    if (rule.outInterface && (chain === 'INPUT' || chain === 'PREROUTING')) {
      throw this.error('interface.outInput', optionWord('-o'), undefined, { chain });
    }
    if (rule.inInterface && (chain === 'OUTPUT' || chain === 'POSTROUTING')) {
      throw this.error('interface.inOutput', optionWord('-i'), undefined, { chain });
    }
    if (table === 'nat' && rule.target?.kind === 'verdict' && rule.target.name === 'DROP') {
      throw this.error('target.place', optionWord('-j'), undefined, { target: 'DROP', table, chain });
    }
  }
}
