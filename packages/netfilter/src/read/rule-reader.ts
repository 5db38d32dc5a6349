import { NetfilterError } from '../error.ts';
import {
  type Bag,
  type Extension,
  matchCatalog,
  type OptionEntry,
  protocolMatches,
  targetCatalog,
} from '../extensions/catalog.ts';
import { verdicts } from '../extensions/targets/registry.ts';
import { blankRule, type Family, type Negatable, type Rule } from '../model.ts';
import { isEverywhere, normalizeAddress } from '../values/address.ts';
import { readCounter } from '../values/counter.ts';
import { checkInterface } from '../values/interface-name.ts';
import { protocolNumber } from '../values/protocols.ts';
import { completeOption, coreOptions, letterOf, letters } from './core-options.ts';
import type { Lexer } from './lexer.ts';
import { firstWord, follows, keepText, type Loaded, LoadedList } from './loaded.ts';
import { isName } from './name.ts';
import { breaksRule } from './unknown-text.ts';

/** Short options whose value may stand in the same word (`-s10.0.0.1`). */
const gluedOptions = 'sdiopmjg';

/**
 * Reads rules, each from where the lexer stands to the end of its line. What it needs in between is made once
 * and used again for every rule.
 *
 * An option is looked for as the tool does it: the rule's own options, then what was loaded last, then the
 * match of the protocol (`--dport` under `-p tcp`), then shortened names. What stands behind a match or target
 * that is not modelled belongs to it, up to the next option of the rule itself.
 */
export class RuleReader {
  readonly lexer: Lexer;
  private readonly family: Family;
  private readonly oldNegation: boolean;
  private rule: Rule = blankRule();
  private readonly loaded = new LoadedList();
  /** the first `matchCount` are of this rule */
  private readonly matches: Rule['matches'] = [];
  private matchCount = 0;
  private negated = false;
  private negatedAt = 0;
  /** a value that stood in its option's own word */
  private gluedValue: string | null = null;

  constructor(lexer: Lexer, family: Family, oldNegation: boolean) {
    this.lexer = lexer;
    this.family = family;
    this.oldNegation = oldNegation;
  }

  read(): Rule {
    const { lexer } = this;
    const rule = blankRule();
    this.rule = rule;
    this.loaded.count = 0;
    this.matchCount = 0;
    this.negated = false;
    this.gluedValue = null;
    for (let word = lexer.word(); word !== null; word = lexer.word()) {
      // a quoted word is never an option in a printed rule, whatever it begins with
      if (lexer.quoted && this.followText()) continue;
      if (word.charCodeAt(0) === 45 && word.length > 1) {
        this.option(word);
      } else if (word === '!') {
        if (this.negated) throw lexer.error('word.unexpected', lexer.start, 'an option');
        this.negated = true;
        this.negatedAt = lexer.start;
      } else if (this.negated || !this.followText()) {
        throw lexer.error('word.unexpected', lexer.start, 'an option');
      }
    }
    if (this.negated) throw lexer.error('word.unexpected', this.negatedAt, 'an option after !');
    // a copy of just that length: an array that grew by pushing has room for 17
    if (this.matchCount > 0) rule.matches = this.matches.slice(0, this.matchCount);
    for (let i = 0; i < this.loaded.count; i++) this.finish(this.loaded.at(i));
    return rule;
  }

  private option(word: string): void {
    // no match or target has an option that is called like one of the rule itself, so these may come first
    if (word.length > 2 && (this.unknownOption(word) || this.loadedOption(word))) return;
    const { rule } = this;
    switch (word.length === 2 ? word.charCodeAt(1) : letterOf(word)) {
      case letters.s:
        rule.source = this.address(rule.source, 'source');
        return;
      case letters.d:
        rule.destination = this.address(rule.destination, 'destination');
        return;
      case letters.p:
        this.protocol();
        return;
      case letters.i:
        rule.inInterface = this.interface(rule.inInterface, 'inInterface');
        return;
      case letters.o:
        rule.outInterface = this.interface(rule.outInterface, 'outInterface');
        return;
      case letters.m:
        this.match();
        return;
      case letters.j:
        this.target(false);
        return;
      case letters.g:
        this.target(true);
        return;
      case letters.f:
        if (rule.fragment !== null) throw this.lexer.error('option.twice').locate({ field: 'fragment' });
        if (this.family === 'ipv6') throw this.lexer.error('option.unknown');
        rule.fragment = !this.takeNegation();
        return;
      case letters.c:
        this.counters();
        return;
      case letters.command:
        throw this.lexer.error('word.unexpected', this.lexer.start, 'an option of a rule');
      default:
        this.otherOption(word);
    }
  }

  /** The next word as a value, whatever it begins with. */
  private value(expected: string, negatable = true): string {
    const { lexer } = this;
    if (this.gluedValue !== null) {
      const glued = this.gluedValue;
      this.gluedValue = null;
      return glued;
    }
    const at = lexer.start;
    const word = lexer.word();
    if (word === null) throw lexer.error('word.missing', at, expected);
    if (!this.oldNegation || word !== '!' || !negatable || lexer.quoted || this.negated) return word;
    this.negated = true;
    this.negatedAt = lexer.start;
    return this.value(expected);
  }

  /** The next word unless it is an option or a `!`, or the line ends; then empty. */
  private optionalValue(expected: string): string {
    const { text, position } = this.lexer;
    const next = /[ \t]*"?([^\n]?)/y;
    next.lastIndex = position;
    const first = next.exec(text)?.[1] ?? '';
    return this.gluedValue === null && ['', '-', '!'].includes(first) ? '' : this.value(expected);
  }

  private takeNegation(): boolean {
    const negated = this.negated;
    this.negated = false;
    return negated;
  }

  private refuseNegation(): void {
    if (this.negated) throw this.lexer.error('option.negated', this.negatedAt, 'the option without !');
  }

  private located(error: unknown, field: string, at = this.lexer.start): unknown {
    return error instanceof NetfilterError ? error.locate({ ...this.lexer.place(at), field }) : error;
  }

  private address(
    before: Negatable<string> | null,
    field: 'source' | 'destination',
  ): Negatable<string> | null {
    if (before) throw this.lexer.error('option.twice').locate({ field });
    const word = this.value('address[/mask]');
    try {
      const value = normalizeAddress(word, this.family);
      const negated = this.takeNegation();
      return negated || !isEverywhere(value) ? { negated, value } : null;
    } catch (error) {
      throw this.located(error, field);
    }
  }

  private interface(
    before: Negatable<string> | null,
    field: 'inInterface' | 'outInterface',
  ): Negatable<string> {
    if (before) throw this.lexer.error('option.twice').locate({ field });
    const value = this.value('interface');
    try {
      checkInterface(value);
    } catch (error) {
      throw this.located(error, field);
    }
    return { negated: this.takeNegation(), value };
  }

  private protocol(): void {
    const { rule, lexer } = this;
    const field = 'protocol';
    if (rule.protocol) throw lexer.error('option.twice').locate({ field });
    const word = this.value('protocol');
    try {
      const value = protocolNumber(word);
      const negated = this.takeNegation();
      if (value !== 0) rule.protocol = { negated, value };
      else if (negated) throw new NetfilterError('protocol.all', { expected: 'one protocol after !' });
    } catch (error) {
      throw this.located(error, field);
    }
  }

  private counters(): void {
    this.refuseNegation();
    const packets = readCounter(this.value('packets', false));
    const bytes = packets === null ? null : readCounter(this.value('bytes', false));
    if (packets === null || bytes === null)
      throw this.lexer.error('save.counters', this.lexer.start, '-c packets bytes');
    this.rule.packets = packets;
    this.rule.bytes = bytes;
  }

  private match(): void {
    this.refuseNegation();
    const name = this.value('match', false);
    const extension = matchCatalog.get(name) ?? null;
    if (!extension && !isName(name)) {
      throw this.lexer.error('option.value', this.lexer.start, 'name of a match');
    }
    this.load(name, extension);
  }

  private load(name: string, extension: Extension | null): Loaded {
    const values: Bag = extension ? extension.blank() : { name, modelled: false, text: '' };
    this.matches[this.matchCount++] = values as unknown as Rule['matches'][number];
    return this.loaded.add(extension, values, this.lexer.end);
  }

  private target(isGoto: boolean): void {
    const { rule, lexer } = this;
    const field = 'target';
    this.refuseNegation();
    if (rule.target) throw lexer.error('option.twice').locate({ field });
    const name = this.value('target or chain', false);
    const verdict = isGoto ? undefined : verdicts.get(name);
    if (verdict) {
      rule.target = verdict;
      return;
    }
    const extension = isGoto ? undefined : targetCatalog.get(name);
    if (!extension && !isName(name)) {
      throw lexer.error('chain.name', lexer.start, 'target or chain').locate({ field });
    }
    const target: Bag = extension ? extension.blank() : { kind: 'chain', name, goto: isGoto, modelled: true };
    rule.target = target as unknown as Rule['target'];
    this.loaded.add(extension ?? null, target, lexer.end);
  }

  /** What stands directly behind a match or target that is kept as text is its own, whatever others call theirs. */
  private unknownOption(word: string): boolean {
    const { lexer } = this;
    const entry = this.loaded.last();
    if (!entry || entry.extension || entry.values.kind === 'chain') return false;
    if (!follows(entry, lexer.text, this.wordStart()) || coreOptions.has(word)) return false;
    return this.addText();
  }

  /** An option of what is loaded, of the last one that has it. */
  private loadedOption(word: string): boolean {
    for (let i = this.loaded.count - 1; i >= 0; i--) {
      const entry = this.loaded.at(i);
      const option = entry?.extension?.options.get(word);
      if (entry && option) {
        this.fill(entry, option);
        return true;
      }
    }
    return false;
  }

  private otherOption(word: string): void {
    const implied = this.impliedMatch();
    const option = implied?.options.get(word);
    if (implied && option) this.fill(this.load(implied.name, implied), option);
    else if (!this.addText()) this.unusualOption(word);
  }

  /** The match that the protocol's options load, while it is not loaded. */
  private impliedMatch(): Extension | null {
    const protocol = this.rule.protocol;
    const extension = protocol ? protocolMatches.get(protocol.value) : undefined;
    return extension && !this.loaded.have(extension) ? extension : null;
  }

  /** A shortened long option, or one with its value in the same word; anything else is unknown. */
  private unusualOption(word: string): void {
    const { lexer } = this;
    if (word.charCodeAt(1) !== 45) {
      if (word.length === 2 || !gluedOptions.includes(word.charAt(1))) throw lexer.error('option.unknown');
      this.glued(word.slice(0, 2), word.slice(2));
      return;
    }
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    const implied = this.impliedMatch();
    const known = this.loaded.options();
    if (implied) known.push(implied.options);
    const full = name.length < 3 ? null : completeOption(name, known);
    if (Array.isArray(full)) throw lexer.error('option.ambiguous', lexer.start, full.join(' | '));
    if (full !== null && equals >= 0) this.glued(full, word.slice(equals + 1));
    else if (full !== null && full !== name) this.option(full);
    else throw lexer.error('option.unknown');
  }

  private glued(option: string, value: string): void {
    this.gluedValue = value;
    this.option(option);
    if (this.gluedValue !== null) throw this.lexer.error('option.value');
  }

  private fill(entry: Loaded, option: OptionEntry): void {
    const { lexer, family } = this;
    const { codec, key } = option;
    const { gather } = option;
    if (entry.values[key] !== null && !gather) throw lexer.error('option.twice').locate({ field: key });
    if (this.negated && !option.negatable) this.refuseNegation();
    const first =
      codec.words > 0 ? this.value(codec.expected) : codec.optional ? this.optionalValue(codec.expected) : '';
    const at = lexer.start;
    const second = codec.words > 1 ? this.value(codec.expected) : '';
    if (this.negated && !option.negatable) this.refuseNegation();
    try {
      const value = codec.read(first, second, family);
      if (gather) entry.values[key] = gather(entry.values[key], value, this.takeNegation());
      else
        entry.values[key] = option.negatable
          ? { negated: this.takeNegation() !== option.inverted, value }
          : value;
    } catch (error) {
      if (error instanceof NetfilterError) error.locate({ expected: codec.expected });
      throw this.located(error, key, at);
    }
  }

  /** Gives the current word to the extension kept as text that stands directly before it. */
  private followText(): boolean {
    const { lexer } = this;
    const entry = this.loaded.last();
    if (!entry || entry.extension || !follows(entry, lexer.text, lexer.start)) return false;
    return this.addText();
  }

  /** Gives the current word, with the `!` before it, to the extension that was loaded last if that is kept as text. */
  private addText(): boolean {
    const { lexer, rule } = this;
    const entry = this.loaded.last();
    if (!entry || entry.extension) return false;
    if (entry.values === (rule.target as unknown as Bag) && rule.target?.kind === 'chain') {
      // chains take no options, so this is a target that we have never heard of
      if (rule.target.goto) return false;
      rule.target = { kind: 'extension', name: rule.target.name, modelled: false, text: '' };
      entry.values = rule.target as unknown as Bag;
    }
    keepText(entry, lexer.text, this.wordStart(), lexer.end);
    this.negated = false;
    return true;
  }

  /** Of the current word, or of the `!` before it. */
  private wordStart(): number {
    return this.negated ? this.negatedAt : this.lexer.start;
  }

  private finish(entry: Loaded | undefined): void {
    if (!entry) return;
    const { extension, values } = entry;
    if (!extension) {
      if (values.kind !== 'chain' && values.text !== '') this.finishText(entry);
      return;
    }
    for (const { key, field } of extension.required) {
      if (values[key] === null) {
        throw this.lexer.error('option.required', this.lexer.start, field.names[0]).locate({ field: key });
      }
    }
    try {
      extension.finish?.(values, { rule: this.rule, family: this.family });
    } catch (error) {
      throw this.located(error, extension.name);
    }
  }

  /** A text must say the same when it is read again, where all matches and the protocol stand before the target. */
  private finishText(entry: Loaded): void {
    const { lexer } = this;
    const first = firstWord(entry);
    const foreign =
      entry.values.kind === 'extension' &&
      (this.impliedMatch()?.options.has(first) || this.loaded.haveOption(first));
    if (foreign || breaksRule(entry.values.text as string)) {
      throw lexer.error('word.unexpected', lexer.start, 'options of the extension only');
    }
  }
}
