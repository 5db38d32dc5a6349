import { NetfilterError } from '../error.ts';
import {
  blankRule,
  builtInChains,
  type Chain,
  isBuiltIn,
  type Rule,
  type RuleSet,
  type Table,
} from '../model.ts';
import { type PrintOptions, printRule } from '../print/print.ts';
import { readCounter } from '../values/counter.ts';
import { Lexer } from './lexer.ts';
import { readRule } from './parse-rule.ts';
import type { SaveOptions } from './parse-save.ts';

export interface RulesListingOptions extends SaveOptions {
  /** the table that was listed, which the text does not say; default filter */
  table?: string;
}

/**
 * Reads what `iptables -S [-v]` prints, of a whole table or of one chain: `-P CHAIN POLICY [-c packets bytes]`,
 * `-N CHAIN`, `-A CHAIN rule`, where `-c packets bytes` stands before the target. Lines that begin with `#` are
 * kept as remarks. A rule of a chain that has no line of its own above throws `save.chainUnknown`, since its policy
 * cannot be known (`-S CHAIN NUMBER`); other errors as of `parseSave`.
 */
export function parseRulesListing(text: string, options: RulesListingOptions = {}): RuleSet {
  return new ListingReader(text, options).read();
}

class ListingReader {
  private readonly lexer: Lexer;
  private readonly options: RulesListingOptions;
  private readonly table: Table;
  private readonly chains = new Map<string, Chain>();
  private remarks: string[] = [];

  constructor(text: string, options: RulesListingOptions) {
    this.lexer = new Lexer(text);
    this.options = options;
    const name = options.table ?? 'filter';
    if (!Object.hasOwn(builtInChains, name)) {
      throw new NetfilterError('save.tableUnknown', {
        word: name,
        expected: Object.keys(builtInChains).join(' | '),
      });
    }
    this.table = { name, chains: [], remarks: { before: [], inside: [], after: [] } };
  }

  read(): RuleSet {
    const { lexer, table } = this;
    do this.line();
    while (lexer.nextLine());
    table.remarks.inside = this.remarks;
    return { family: this.options.family ?? 'ipv4', tables: [table] };
  }

  private line(): void {
    const { lexer } = this;
    if (lexer.text.charCodeAt(lexer.position) === 35) {
      this.remarks.push(lexer.rest());
      return;
    }
    const command = lexer.word();
    if (command === null) return;
    if (command === '-A') this.rule();
    else if (command === '-P') this.policy();
    else if (command === '-N') this.add(this.name(), lexer.start, null);
    else if (lexer.rest(lexer.lineStart).endsWith('\r')) {
      throw lexer.error('text.crlf', lexer.start, 'lines that end in LF');
    } else throw lexer.error('save.command', lexer.start, '-P | -N | -A');
    const extra = lexer.word();
    if (extra !== null) throw lexer.error('word.unexpected', lexer.start, 'end of the line');
  }

  private name(): string {
    const { lexer } = this;
    const name = lexer.word();
    if (name === null) throw lexer.error('word.missing', lexer.start, 'chain');
    if (name.endsWith('\r')) throw lexer.error('text.crlf', lexer.start, 'lines that end in LF');
    return name;
  }

  private add(name: string, at: number, policy: Chain['policy']): Chain {
    const { lexer, table } = this;
    if (this.chains.has(name)) throw lexer.error('save.chainTwice', at);
    if (isBuiltIn(table.name, name) !== (policy !== null)) {
      throw lexer.error('save.chainHeader', at, policy === null ? `-P ${name} POLICY` : `-N ${name}`);
    }
    const chain: Chain = { name, policy, packets: 0n, bytes: 0n, rules: [] };
    this.chains.set(name, chain);
    table.chains.push(chain);
    return chain;
  }

  private policy(): void {
    const { lexer } = this;
    const name = this.name();
    const nameAt = lexer.start;
    const policy = lexer.word();
    if (policy?.endsWith('\r')) throw lexer.error('text.crlf', lexer.start, 'lines that end in LF');
    if (policy !== 'ACCEPT' && policy !== 'DROP')
      throw lexer.error('save.policy', lexer.start, 'ACCEPT | DROP');
    const chain = this.add(name, nameAt, policy);
    const counters = lexer.word();
    if (counters === null) return;
    if (counters !== '-c') throw lexer.error('word.unexpected', lexer.start, '-c packets bytes');
    chain.packets = this.counter();
    chain.bytes = this.counter();
  }

  private counter(): bigint {
    const value = readCounter(this.lexer.word() ?? '');
    if (value === null) throw this.lexer.error('save.counters', this.lexer.start, '-c packets bytes');
    return value;
  }

  private rule(): void {
    const { lexer } = this;
    const chain = this.chains.get(this.name());
    if (!chain)
      throw lexer.error('save.chainUnknown', lexer.start, 'a chain that is named above by -P or -N');
    const start = lexer.position;
    const rule = this.readOrKeep(start);
    if (this.remarks.length > 0) {
      rule.remarks = this.remarks;
      this.remarks = [];
    }
    chain.rules.push(rule);
  }

  /** With `keep`, a rule that cannot be read is held as it stands, its counters within. */
  private readOrKeep(start: number): Rule {
    const { lexer, options } = this;
    try {
      return readRule(lexer, options.family ?? 'ipv4', false);
    } catch (error) {
      if (!(error instanceof NetfilterError) || options.unreadable !== 'keep') throw error;
      const verbatim = lexer.rest(start + 1);
      lexer.position = start + 1 + verbatim.length;
      return { ...blankRule(), verbatim };
    }
  }
}

export interface RulesListingPrintOptions extends PrintOptions {
  /** default filter */
  table?: string;
}

/**
 * What `iptables -S` prints of one table, with `counters` what `-S -v` does: policies, then chains by `-N`, then
 * rules. Empty when the set does not hold the table.
 */
export function printRulesListing(set: RuleSet, options: RulesListingPrintOptions = {}): string {
  const table = set.tables.find(({ name }) => name === (options.table ?? 'filter'));
  if (!table) return '';
  const counters = options.counters ?? false;
  const tail = (of: { packets: bigint; bytes: bigint }) => (counters ? ` -c ${of.packets} ${of.bytes}` : '');
  let out = '';
  for (const chain of table.chains) {
    out += chain.policy === null ? `-N ${chain.name}\n` : `-P ${chain.name} ${chain.policy}${tail(chain)}\n`;
  }
  for (const chain of table.chains) {
    for (const rule of chain.rules) {
      for (const remark of rule.remarks ?? []) out += `${remark}\n`;
      const words = counters ? countedRule(rule, options) : printRule(rule, options);
      out += words === '' ? `-A ${chain.name}\n` : `-A ${chain.name} ${words}\n`;
    }
  }
  return out;
}

/** The rule with `-c packets bytes` before its target, or at its end when it has none. */
function countedRule(rule: Rule, options: PrintOptions): string {
  const words = printRule(rule, options);
  if (rule.verbatim !== null) return words;
  const conditions = printRule({ ...rule, target: null }, options);
  const target = words.slice(conditions.length).trimStart();
  return [conditions, `-c ${rule.packets} ${rule.bytes}`, target].filter(Boolean).join(' ');
}
