import { NetfilterError } from '../error.ts';
import {
  blankRule,
  builtInChains,
  type Chain,
  type Family,
  type Policy,
  type Rule,
  type RuleSet,
  type Table,
} from '../model.ts';
import { readCounter } from '../values/counter.ts';
import { byteLength } from '../values/quote.ts';
import { Lexer } from './lexer.ts';
import { isName } from './name.ts';
import { maxRule, readNextRule } from './parse-rule.ts';
import type { RuleMemory } from './rule-memory.ts';
import { RuleReader } from './rule-reader.ts';
import { breaksRule } from './unknown-text.ts';

export interface SaveOptions {
  /** default ipv4 */
  family?: Family;
  /**
   * What to do with a rule that cannot be read: `refuse` throws (default, for files that somebody wrote);
   * `keep` holds it as text (`Rule.verbatim`), for what a host's own tool printed.
   */
  unreadable?: 'refuse' | 'keep';
  /** of the same family: lines that stood in the texts read with it before are not read anew */
  memory?: RuleMemory;
}

interface Counters {
  packets: bigint;
  bytes: bigint;
}

const zero: Counters = { packets: 0n, bytes: 0n };

const COLON = 58;
const CLOSE = 93;

/** reference/iptables.md section 1 */
const maxChainName = 28;

/**
 * Reads `iptables-save [-c]` and restore files of that form: tables, chain headers, `-A` lines, comments.
 * Lexing is the tool's (reference/iptables.md section 1): `#` is a comment at column 0 only, CRLF and a missing
 * COMMIT are refused. Throws NetfilterError with line, column, word and what was expected.
 */
export function parseSave(text: string, options: SaveOptions = {}): RuleSet {
  const reader = new SaveReader(text, options);
  return reader.read();
}

class SaveReader {
  private readonly lexer: Lexer;
  private readonly rules: RuleReader;
  private readonly keep: boolean;
  private readonly memory: RuleMemory | null;
  private readonly set: RuleSet;
  private table: Table | null = null;
  private chains = new Map<string, Chain>();
  private remarks: string[] = [];
  /** `-A CHAIN ` of the last rule and that chain: a dump has the rules of a chain one after the other */
  private lastHead = '';
  private lastChain: Chain | null = null;

  constructor(text: string, options: SaveOptions) {
    this.lexer = new Lexer(text);
    const family = options.family ?? 'ipv4';
    this.rules = new RuleReader(this.lexer, family, false);
    this.keep = options.unreadable === 'keep';
    this.memory = options.memory?.family === family ? options.memory : null;
    this.set = { family, tables: [] };
  }

  read(): RuleSet {
    const { lexer, set } = this;
    this.memory?.turn();
    if (lexer.text.length > 0) {
      do this.readLine();
      while (lexer.nextLine());
    }
    if (this.table) throw lexer.error('save.commit', lexer.position, 'COMMIT');
    const last = set.tables.at(-1);
    // not spread into `push`: a file may hold more comment lines than a call takes arguments
    if (last) last.remarks.after = last.remarks.after.concat(this.remarks);
    return set;
  }

  private readLine(): void {
    const { lexer } = this;
    const c = lexer.text.charCodeAt(lexer.position);
    if (c === 91 || c === 45) {
      this.ruleLine(c === 91);
    } else if (c === 35) {
      this.remarks.push(lexer.rest());
    } else if (c === 58) {
      this.chainLine();
    } else if (c === 42) {
      this.tableLine();
    } else if (c !== 10 && !Number.isNaN(c)) {
      this.otherLine();
    }
  }

  private takeRemarks(): string[] {
    const { remarks } = this;
    this.remarks = [];
    return remarks;
  }

  private tableLine(): void {
    const { lexer, set } = this;
    if (this.table) throw lexer.error('save.commit', lexer.position, 'COMMIT');
    lexer.position++;
    const name = lexer.word();
    if (name === null) throw lexer.error('save.tableExpected', lexer.start, 'table');
    if (name.endsWith('\r')) throw lexer.error('text.crlf', lexer.start, 'lines that end in LF');
    if (!Object.hasOwn(builtInChains, name)) {
      throw lexer.error('save.tableUnknown', lexer.start, Object.keys(builtInChains).join(' | '));
    }
    if (set.tables.some((table) => table.name === name)) throw lexer.error('save.tableTwice');
    const before = this.takeRemarks();
    // what stood behind the last COMMIT up to the mark of its end belongs to that table
    const previous = set.tables.at(-1);
    if (previous && before.length > 1 && before[0]?.startsWith('# Completed')) {
      previous.remarks.after.push(before[0]);
      before.shift();
    }
    this.table = { name, chains: [], remarks: { before, inside: [], after: [] } };
    this.chains = new Map();
    this.lastChain = null;
    set.tables.push(this.table);
  }

  private chainLine(): void {
    const { lexer } = this;
    const table = this.table ?? this.refuseOutside();
    lexer.position++;
    const name = lexer.word();
    const at = lexer.start;
    if (name === null) throw lexer.error('save.chainHeader', at, ':CHAIN POLICY [packets:bytes]');
    if (byteLength(name) > maxChainName) throw lexer.error('chain.name', at, `at most ${maxChainName} bytes`);
    if (lexer.quoted || !isName(name)) throw lexer.error('chain.name', at, 'no quotes, no leading - or !');
    if (this.chains.has(name)) throw lexer.error('save.chainTwice');
    const policy = lexer.word();
    const builtIn = builtInChains[table.name]?.includes(name) ?? false;
    if (policy === null) throw lexer.error('save.policy', lexer.start, 'ACCEPT | DROP | -');
    if (policy === '-\r' || policy.endsWith('\r'))
      throw lexer.error('text.crlf', lexer.start, 'lines that end in LF');
    if (policy !== '-' && ((policy !== 'ACCEPT' && policy !== 'DROP') || !builtIn)) {
      throw lexer.error('save.policy', lexer.start, builtIn ? 'ACCEPT | DROP | -' : '-');
    }
    const counters = lexer.word();
    const { packets, bytes } = counters === null ? zero : this.readCounters(counters);
    const held = policy === '-' ? (builtIn ? 'ACCEPT' : null) : (policy as Policy);
    const chain: Chain = { name, policy: held, packets, bytes, rules: [] };
    table.chains.push(chain);
    this.chains.set(name, chain);
  }

  /** The current word as `[packets:bytes]`. */
  private readCounters(word: string): Counters {
    if (word === '[0:0]') return zero;
    const colon = word.indexOf(':');
    const end = word.length - 1;
    const packets = word.startsWith('[') && colon > 0 ? readCounter(word.slice(1, colon)) : null;
    const bytes = word.charCodeAt(end) === 93 ? readCounter(word.slice(colon + 1, end)) : null;
    if (packets === null || bytes === null) {
      throw this.lexer.error('save.counters', this.lexer.start, '[packets:bytes]');
    }
    return { packets, bytes };
  }

  /** The `[packets:bytes]` at which the lexer stands. */
  private ruleCounters(): Counters {
    const { lexer } = this;
    const packets = lexer.number(lexer.position + 1, COLON);
    const bytes = packets < 0 ? -1 : lexer.number(lexer.end + 1, CLOSE);
    if (bytes < 0 || !lexer.skipWord(lexer.end + 1)) {
      const counters = this.readCounters(lexer.word() ?? '');
      lexer.words = 0; // no word of the rule: it may be printed without
      return counters;
    }
    return { packets: packets === 0 ? 0n : BigInt(packets), bytes: bytes === 0 ? 0n : BigInt(bytes) };
  }

  /** The chain of `-A CHAIN`. */
  private ruleChain(): Chain {
    const { lexer } = this;
    const command = lexer.word();
    if (command !== '-A' && command !== '--append') {
      throw lexer.error('save.command', lexer.start, '-A CHAIN');
    }
    const name = lexer.word();
    const chain = name === null ? undefined : this.chains.get(name);
    if (!chain) throw lexer.error('save.chainUnknown', lexer.start, 'a chain that is declared above');
    this.lastHead = `-A ${chain.name} `;
    this.lastChain = chain;
    return chain;
  }

  private ruleLine(counted: boolean): void {
    const { lexer } = this;
    if (!this.table) this.refuseOutside();
    const counters = counted ? this.ruleCounters() : null;
    const chain = this.lastChain && lexer.skip(this.lastHead, 2) ? this.lastChain : this.ruleChain();
    const remarks = this.remarks.length > 0 ? this.takeRemarks() : null;
    chain.rules.push(this.rememberedRule(counters ?? zero, remarks) ?? this.newRule(counters, remarks));
  }

  private newRule(counters: Counters | null, remarks: string[] | null): Rule {
    const { lexer, memory } = this;
    const start = lexer.position;
    const rule = this.keep ? this.readOrKeep(start) : readNextRule(this.rules);
    // words that hold counters themselves (`-c 1 60`) are more than a rule
    const plain = rule.packets === 0n && rule.bytes === 0n;
    if (counters !== null) {
      rule.packets = counters.packets;
      rule.bytes = counters.bytes;
    }
    rule.remarks = remarks;
    if (plain) memory?.keep(lexer.text.slice(start, lexer.position), rule);
    return rule;
  }

  /** The rule at which the lexer stands, where an earlier text held its words. */
  private rememberedRule({ packets, bytes }: Counters, remarks: string[] | null): Rule | undefined {
    const { lexer, memory } = this;
    if (!memory || remarks !== null) return undefined;
    const words = lexer.rest();
    const rule = memory.find(words, packets, bytes);
    if (!rule || (rule.verbatim !== null && !this.keep)) return undefined;
    lexer.position += words.length;
    return rule;
  }

  private readOrKeep(start: number): Rule {
    const { lexer } = this;
    try {
      return readNextRule(this.rules);
    } catch (error) {
      if (!(error instanceof NetfilterError)) throw error;
      const verbatim = lexer.rest(start + 1);
      if (verbatim.includes('\0') || byteLength(verbatim) > maxRule || breaksRule(verbatim)) throw error;
      lexer.position = start;
      return { ...blankRule(), verbatim };
    }
  }

  private otherLine(): void {
    const { lexer } = this;
    const line = lexer.rest();
    if (line.endsWith('\r')) throw lexer.error('text.crlf', lexer.position, 'lines that end in LF');
    if (!this.table) this.refuseOutside();
    if (line !== 'COMMIT') throw lexer.error('save.command', lexer.position, '-A CHAIN | COMMIT');
    const { table } = this;
    if (table) table.remarks.inside = this.takeRemarks();
    this.table = null;
  }

  private refuseOutside(): never {
    throw this.lexer.error('save.tableExpected', this.lexer.position, '*filter');
  }
}
