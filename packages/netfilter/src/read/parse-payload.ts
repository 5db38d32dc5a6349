import { NetfilterError } from '../error.ts';
import { verdicts } from '../extensions/targets/registry.ts';
import { builtInChains, type Family } from '../model.ts';
import type { Dialect } from '../print/dialect.ts';
import { readCounter } from '../values/counter.ts';
import { byteLength } from '../values/quote.ts';
import type { TableCommand } from './command.ts';
import { Lexer } from './lexer.ts';
import { readRule } from './parse-rule.ts';
import type { PayloadLine, PayloadTable, RestorePayload } from './payload.ts';
import { type Locate, readCommand } from './read-command.ts';
import { moved, type Word } from './words.ts';

export interface PayloadOptions {
  /** default ipv4 */
  family?: Family;
  /** the version that is to take it (see `parseCommand`); default 1.8.9 legacy's own reading */
  dialect?: Dialect;
  /** as the tool's `-c`: a header with a policy then needs counters; default false */
  counters?: boolean;
}

/**
 * Reads a restore file as `iptables-restore` takes it, with every command that may stand in one: `-A -I -D -R -C -N
 * -E -X -P -F -Z` beside chain headers, comments and COMMIT. What the tool can only refuse against the rules that
 * are there (a missing chain, a position) is the matter of `applyPayload`.
 * Throws NetfilterError with line, column, word and what was expected.
 */
export function parsePayload(text: string, options: PayloadOptions = {}): RestorePayload {
  return new PayloadReader(text, options).read();
}

type Counters = { packets: bigint; bytes: bigint };

class PayloadReader {
  private readonly lexer: Lexer;
  private readonly family: Family;
  private readonly options: PayloadOptions;
  private readonly tables: PayloadTable[] = [];
  private table: PayloadTable | null = null;

  constructor(text: string, options: PayloadOptions) {
    this.lexer = new Lexer(text);
    this.family = options.family ?? 'ipv4';
    this.options = options;
  }

  read(): RestorePayload {
    const { lexer } = this;
    if (lexer.text.length > 0) {
      do this.line();
      while (lexer.nextLine());
    }
    if (this.table) throw lexer.error('save.commit', lexer.position, 'COMMIT');
    return { family: this.family, tables: this.tables };
  }

  private line(): void {
    const { lexer } = this;
    const line = lexer.rest();
    const first = line.charAt(0);
    if (line === '' || first === '#') return;
    if (line.endsWith('\r')) throw lexer.error('text.crlf', lexer.position, 'lines that end in LF');
    const { table } = this;
    if (!table) {
      if (first !== '*') throw lexer.error('save.tableExpected', lexer.position, '*filter');
      this.openTable();
    } else if (line === 'COMMIT') this.table = null;
    else if (first === '*') throw lexer.error('save.commit', lexer.position, 'COMMIT');
    else if (first === ':') table.lines.push(this.header());
    else this.command(table);
  }

  private openTable(): void {
    const { lexer } = this;
    lexer.position++;
    const name = lexer.word();
    if (name === null) throw lexer.error('save.tableExpected', lexer.start, 'table');
    if (!Object.hasOwn(builtInChains, name)) {
      throw lexer.error('save.tableUnknown', lexer.start, Object.keys(builtInChains).join(' | '));
    }
    this.table = { name, lines: [] };
    this.tables.push(this.table);
  }

  private header(): PayloadLine {
    const { lexer } = this;
    const { line } = lexer;
    const table = this.table?.name ?? '';
    lexer.position++;
    const name = lexer.word();
    if (name === null) throw lexer.error('save.chainHeader', lexer.start, ':CHAIN POLICY [packets:bytes]');
    // the tool takes names of other targets here, which -N refuses: see validateChainName
    if (verdicts.has(name)) throw lexer.error('chain.reserved', lexer.start, 'not the name of a target');
    if (/^[-!]/.test(name)) throw lexer.error('chain.name', lexer.start, 'no leading - or !');
    if (byteLength(name) > 28) throw lexer.error('chain.name', lexer.start, 'at most 28 bytes');
    const builtIn = builtInChains[table]?.includes(name) ?? false;
    const policy = lexer.word();
    if (policy !== '-' && policy !== 'ACCEPT' && policy !== 'DROP') {
      throw lexer.error('save.policy', lexer.start, builtIn ? 'ACCEPT | DROP | -' : '-');
    }
    if (policy !== '-' && !builtIn) throw lexer.error('save.policy', lexer.start, '-');
    const word = lexer.word();
    if (word === null && policy !== '-' && this.options.counters) {
      throw lexer.error('save.counters', lexer.start, '[packets:bytes]');
    }
    const counters = word === null ? null : this.counters(word);
    const held = policy === '-' ? null : policy;
    return { line, command: { kind: 'header', chain: name, policy: held, counters }, counters: null };
  }

  private counters(word: string): Counters {
    const found = /^\[(\d+):(\d+)\]$/.exec(word);
    const packets = readCounter(found?.[1] ?? '');
    const bytes = readCounter(found?.[2] ?? '');
    if (packets === null || bytes === null) {
      throw this.lexer.error('save.counters', this.lexer.start, '[packets:bytes]');
    }
    return { packets, bytes };
  }

  private command(table: PayloadTable): void {
    const { lexer } = this;
    const { line } = lexer;
    let counters: Counters | null = null;
    if (lexer.text.charAt(lexer.position) === '[') counters = this.counters(lexer.word() ?? '');
    const start = lexer.position;
    const command = this.plainAppend(table.name) ?? this.anyCommand(start, table.name);
    if (command !== null) table.lines.push({ line, command, counters });
  }

  /** `-A CHAIN rule`, which nearly all lines are; null where the line needs the whole reader. */
  private plainAppend(table: string): TableCommand | null {
    const { lexer, family } = this;
    // values in the word of their option are for the whole reader: the version decides what they are
    if (lexer.word() !== '-A' || / -[A-Za-z][^ ]| --[a-z-]+=/.test(lexer.rest())) return null;
    const chain = lexer.word();
    if (chain === null || chain.startsWith('-') || chain.startsWith('!') || byteLength(chain) > 28)
      return null;
    try {
      const rule = readRule(lexer, family, false);
      // these the tool refuses by the chain's name
      if (rule.inInterface || rule.outInterface || table === 'nat') return null;
      return { kind: 'append', family, table, chain, rules: [rule] };
    } catch (error) {
      if (error instanceof NetfilterError) return null;
      throw error;
    }
  }

  private anyCommand(start: number, restoreTable: string): TableCommand | null {
    const { lexer, family } = this;
    const { dialect = '1.8.9-legacy' } = this.options;
    lexer.position = start;
    lexer.words = 0;
    const words: Word[] = [];
    for (let text = lexer.word(); text !== null; text = lexer.word()) {
      words.push({ text, start: lexer.start, end: lexer.end, quoted: lexer.quoted });
    }
    const locate: Locate = (error, word) => {
      const at = word?.start ?? lexer.position;
      const { line, column } = lexer.place(at);
      return moved(
        error,
        word ? { line, column, word: lexer.text.slice(word.start, word.end) } : { line, column },
      );
    };
    const command = readCommand(words, { family, dialect, restoreTable }, locate);
    if (command !== null && !('table' in command)) {
      throw locate(new NetfilterError('option.inRestore'), words[0] ?? null);
    }
    return command;
  }
}
