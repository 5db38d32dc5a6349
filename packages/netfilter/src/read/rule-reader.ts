import { NetfilterError } from '../error.ts';
import {
  type Bag,
  type Extension,
  matchCatalog,
  type OptionEntry,
  protocolMatches,
  targetCatalog,
} from '../extensions/catalog.ts';
import { implicitMatches } from '../extensions/matches/registry.ts';
import { otherTargets, verdicts } from '../extensions/targets/registry.ts';
import { blankRule, type Family, type Negatable, type Rule } from '../model.ts';
import { isEverywhere, normalizeAddress } from '../values/address.ts';
import { readCounter } from '../values/counter.ts';
import { checkInterface } from '../values/interface-name.ts';
import { protocolNumber } from '../values/protocols.ts';
import { completeOption, coreOptions } from './core-options.ts';
import type { Lexer } from './lexer.ts';

/** A loaded match or target with what has been read of it. */
interface Loaded {
  /** null: kept as text */
  readonly extension: Extension | null;
  values: Bag;
  /** where the text of one that is kept as text ends in the source so far */
  textEnd: number;
}

/** Short options whose value may stand in the same word (`-s10.0.0.1`). */
const gluedOptions = 'sdiopmjg';

/**
 * Reads one rule's words from where the lexer stands to the end of its line. For one rule only.
 *
 * An option is looked for as the tool does it: the rule's own options, then what was loaded last, then the
 * match of the protocol (`--dport` under `-p tcp`), then shortened names. What stands behind a match or target
 * that is not modelled belongs to it, up to the next option of the rule itself.
 */
export class RuleReader {
  private readonly lexer: Lexer;
  private readonly family: Family;
  private readonly oldNegation: boolean;
  private readonly rule: Rule = blankRule();
  private readonly loaded: Loaded[] = [];
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
    for (const entry of this.loaded) this.finish(entry);
    return this.rule;
  }

  private option(word: string): void {
    const { rule } = this;
    switch (coreOptions.get(word)) {
      case 's':
        rule.source = this.address(rule.source, 'source');
        return;
      case 'd':
        rule.destination = this.address(rule.destination, 'destination');
        return;
      case 'p':
        this.protocol();
        return;
      case 'i':
        rule.inInterface = this.interface(rule.inInterface, 'inInterface');
        return;
      case 'o':
        rule.outInterface = this.interface(rule.outInterface, 'outInterface');
        return;
      case 'm':
        this.match();
        return;
      case 'j':
        this.target(false);
        return;
      case 'g':
        this.target(true);
        return;
      case 'f':
        if (rule.fragment !== null) throw this.lexer.error('option.twice').locate({ field: 'fragment' });
        if (this.family === 'ipv6') throw this.lexer.error('option.unknown');
        rule.fragment = !this.takeNegation();
        return;
      case 'c':
        this.counters();
        return;
      case 'command':
        throw this.lexer.error('word.unexpected', this.lexer.start, 'an option of a rule');
      default:
        this.extensionOption(word);
    }
  }

  /** The next word as a value, whatever it begins with. */
  private value(expected: string): string {
    const { lexer } = this;
    if (this.gluedValue !== null) {
      const glued = this.gluedValue;
      this.gluedValue = null;
      return glued;
    }
    const at = lexer.start;
    const word = lexer.word();
    if (word === null) throw lexer.error('word.missing', at, expected);
    if (word !== '!' || !this.oldNegation || lexer.quoted || this.negated) return word;
    this.negated = true;
    this.negatedAt = lexer.start;
    return this.value(expected);
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
    const packets = readCounter(this.value('packets'));
    const bytes = packets === null ? null : readCounter(this.value('bytes'));
    if (packets === null || bytes === null)
      throw this.lexer.error('save.counters', this.lexer.start, '-c packets bytes');
    this.rule.packets = packets;
    this.rule.bytes = bytes;
  }

  private match(): void {
    this.refuseNegation();
    const name = this.value('match');
    if (!isName(name)) throw this.lexer.error('option.value', this.lexer.start, 'name of a match');
    this.load(name, matchCatalog.get(name) ?? null);
  }

  private load(name: string, extension: Extension | null): Loaded {
    const values: Bag = extension ? { ...extension.blank } : { name, modelled: false, text: '' };
    const entry = { extension, values, textEnd: this.lexer.end };
    this.loaded.push(entry);
    this.rule.matches.push(values as unknown as Rule['matches'][number]);
    return entry;
  }

  private target(isGoto: boolean): void {
    const { rule, lexer } = this;
    const field = 'target';
    this.refuseNegation();
    if (rule.target) throw lexer.error('option.twice').locate({ field });
    const name = this.value('target or chain');
    if (!isName(name)) throw lexer.error('chain.name', lexer.start, 'target or chain').locate({ field });
    const verdict = isGoto ? undefined : verdicts.get(name);
    if (verdict) {
      rule.target = verdict;
      return;
    }
    const extension = isGoto ? undefined : targetCatalog.get(name);
    const target: Bag = extension
      ? { ...extension.blank }
      : isGoto || !otherTargets.has(name)
        ? { kind: 'chain', name, goto: isGoto, modelled: true }
        : { kind: 'extension', name, modelled: false, text: '' };
    rule.target = target as unknown as Rule['target'];
    this.loaded.push({ extension: extension ?? null, values: target, textEnd: lexer.end });
  }

  private extensionOption(word: string): void {
    const { loaded } = this;
    for (let i = loaded.length - 1; i >= 0; i--) {
      const entry = loaded[i];
      const option = entry?.extension?.options.get(word);
      if (entry && option) {
        this.fill(entry, option);
        return;
      }
    }
    const implied = this.impliedMatch();
    const option = implied?.options.get(word);
    if (implied && option) this.fill(this.load(implied.name, implied), option);
    else if (!this.addText()) this.unusualOption(word);
  }

  /** The match that the protocol's options load, while it is not loaded. */
  private impliedMatch(): Extension | null {
    const protocol = this.rule.protocol;
    const extension = protocol ? protocolMatches.get(protocol.value) : undefined;
    return extension && !this.loaded.some((entry) => entry.extension === extension) ? extension : null;
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
    const known = this.loaded.flatMap((entry) => (entry.extension ? [entry.extension.options] : []));
    if (implied) known.push(implied.options);
    const full = name.length < 3 ? null : completeOption(name, known);
    if (Array.isArray(full)) throw lexer.error('option.ambiguous', lexer.start, full.join(' | '));
    if (full !== null && equals >= 0) this.glued(full, word.slice(equals + 1));
    else if (full !== null && full !== name) this.option(full);
    else if (!this.implyTextMatch()) throw lexer.error('option.unknown');
  }

  private glued(option: string, value: string): void {
    this.gluedValue = value;
    this.option(option);
    if (this.gluedValue !== null) throw this.lexer.error('option.value');
  }

  /** `-p sctp --dport 80`: the option loads a match that is kept as text, with the option as its first word. */
  private implyTextMatch(): boolean {
    const protocol = this.rule.protocol;
    const name = protocol ? implicitMatches.get(protocol.value) : undefined;
    if (name === undefined || this.rule.matches.some((match) => match.name === name)) return false;
    this.load(name, null).textEnd = this.lexer.start;
    return this.addText();
  }

  private fill(entry: Loaded, option: OptionEntry): void {
    const { lexer, family } = this;
    const { codec, key } = option;
    if (entry.values[key] !== null) throw lexer.error('option.twice').locate({ field: key });
    if (this.negated && !option.negatable) this.refuseNegation();
    const first = codec.words > 0 ? this.value(codec.expected) : '';
    const at = lexer.start;
    const second = codec.words > 1 ? this.value(codec.expected) : '';
    if (this.negated && !option.negatable) this.refuseNegation();
    try {
      const value = codec.read(first, second, family);
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
    const entry = this.loaded.at(-1);
    if (!entry || entry.extension || !onlyBlanks(lexer.text, entry.textEnd, lexer.start)) return false;
    return this.addText();
  }

  /** Gives the current word, with the `!` before it, to the extension that was loaded last if that is kept as text. */
  private addText(): boolean {
    const { lexer, rule } = this;
    const entry = this.loaded.at(-1);
    if (!entry || entry.extension) return false;
    if (entry.values === (rule.target as unknown as Bag) && rule.target?.kind === 'chain') {
      // chains take no options, so this is a target that we have never heard of
      if (rule.target.goto) return false;
      rule.target = { kind: 'extension', name: rule.target.name, modelled: false, text: '' };
      entry.values = rule.target as unknown as Bag;
    }
    const start = this.negated ? this.negatedAt : lexer.start;
    this.negated = false;
    const text = entry.values.text as string;
    const follows = onlyBlanks(lexer.text, entry.textEnd, start);
    // the blank between the name and the text is printed anyway
    const from = follows && entry.textEnd < start ? entry.textEnd + (text === '' ? 1 : 0) : start;
    entry.values.text = `${text}${follows || text === '' ? '' : ' '}${lexer.text.slice(from, lexer.end)}`;
    entry.textEnd = lexer.end;
    return true;
  }

  private finish(entry: Loaded): void {
    const { extension, values } = entry;
    if (extension === null) return;
    for (const { key, field } of extension.fields) {
      if (field.required === true && values[key] === null) {
        throw this.lexer.error('option.required', this.lexer.start, field.names[0]).locate({ field: key });
      }
    }
    try {
      extension.finish?.(values, { rule: this.rule, family: this.family });
    } catch (error) {
      throw this.located(error, extension.name);
    }
  }
}

/** Names of matches, targets and chains come back from the lexer as one word, and never look like an option. */
function isName(name: string): boolean {
  if (name === '' || name.length > 28 || name.charCodeAt(0) === 45 || name.charCodeAt(0) === 33) return false;
  for (let i = 0; i < name.length; i++) {
    const c = name.charCodeAt(i);
    if (c <= 32 || c === 34 || c === 127) return false;
  }
  return true;
}

function onlyBlanks(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const c = text.charCodeAt(i);
    if (c !== 32 && c !== 9) return false;
  }
  return true;
}
