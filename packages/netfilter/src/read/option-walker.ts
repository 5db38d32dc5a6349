import { NetfilterError } from '../error.ts';
import { type Extension, matchCatalog, protocolMatches, targetCatalog } from '../extensions/catalog.ts';
import { protocolNumber } from '../values/protocols.ts';
import {
  type Argument,
  type ArgumentKind,
  type CommandOption,
  commandOptions,
  optionOfLetter,
} from './command-options.ts';
import { completeOption } from './core-options.ts';

/** What a word of a command line is. */
export type Seen =
  /** the argument of an option before it */
  | { kind: 'value'; of: Demand }
  | { kind: 'options'; options: FoundOption[] }
  | { kind: 'negation' }
  /** stands where an option should, and does not look like one */
  | { kind: 'bare' }
  /** looks like an option, and is none that is known here */
  | { kind: 'unknown' }
  | { kind: 'ambiguous'; names: string[] };

/** One option of a word; several letters may share a word (`-nvL`). */
export interface FoundOption {
  /** null: an option of a match or target */
  option: CommandOption | null;
  /** as it is to be passed on: `-A`, `--dport` */
  name: string;
  /** the value in the same word (`-tnat`, `--dport=22`) */
  glued: string | null;
}

/** A word that is waited for. */
export interface Demand {
  option: CommandOption | null;
  name: string;
  argument: ArgumentKind;
  need: Argument['need'];
  /** grammar in short */
  expected: string;
}

const grammars: Readonly<Record<ArgumentKind, string>> = {
  chain: 'chain',
  newChain: 'name of a chain',
  position: 'rule number',
  policy: 'ACCEPT | DROP',
  table: 'filter | nat | mangle | raw | security',
  seconds: 'seconds',
  path: 'path',
  address: 'address[/mask]',
  interface: 'interface',
  protocol: 'protocol',
  match: 'match',
  target: 'target or chain',
  packets: 'packets',
  bytes: 'bytes',
  value: 'value',
};

/**
 * Tells for each word of a command line whether it is an option, the value of one, or neither, as getopt_long
 * does with the options that the words so far have loaded. A value may look like an option
 * (`--comment -A`), so this cannot be told from the word alone.
 */
export class OptionWalker {
  private loaded: readonly Extension[] = [];
  private protocol: number | null = null;
  private queue: Demand[] = [];
  private readonly oldNegation: boolean;

  constructor(oldNegation: boolean) {
    this.oldNegation = oldNegation;
  }

  /** What is waited for; null where an option may stand. */
  get demand(): Demand | null {
    return this.queue[0] ?? null;
  }

  take(word: string): Seen {
    const demand = this.queue[0];
    if (demand) {
      if (demand.need === 'must') {
        const ofRule = demand.option === null || demand.option.role === 'rule';
        if (word === '!' && this.oldNegation && ofRule) return { kind: 'negation' };
        return this.value(demand, word);
      }
      if (!word.startsWith('-') && !word.startsWith('!')) return this.value(demand, word);
      if (demand.need === 'follow') throw new NetfilterError('word.missing', { expected: demand.expected });
      this.queue = [];
    }
    if (word === '!') return { kind: 'negation' };
    if (!word.startsWith('-') || word === '-') return { kind: 'bare' };
    return word.startsWith('--') ? this.long(word) : this.short(word);
  }

  /** Called when the words are at their end. */
  finish(): void {
    const demand = this.queue.find((each) => each.need !== 'may');
    if (demand) throw new NetfilterError('word.missing', { expected: demand.expected });
  }

  private value(demand: Demand, word: string): Seen {
    this.queue.shift();
    if (demand.argument === 'packets' && word.includes(',')) this.queue.shift();
    this.load(demand, word);
    return { kind: 'value', of: demand };
  }

  private load(demand: Demand, word: string): void {
    const letter = demand.option?.letter;
    const extension =
      letter === 'm' ? matchCatalog.get(word) : letter === 'j' ? targetCatalog.get(word) : undefined;
    // loaded again it is the last one; kept twice, a line of many matches would take quadratic time
    if (extension) this.loaded = [...this.loaded.filter((other) => other !== extension), extension];
    if (letter !== 'p') return;
    try {
      this.protocol = protocolNumber(word);
    } catch (error) {
      if (!(error instanceof NetfilterError)) throw error;
    }
  }

  private demandAll(option: CommandOption, name: string, glued: string | null): void {
    const demands = option.arguments.map(
      ({ kind, need }): Demand => ({ option, name, argument: kind, need, expected: grammars[kind] }),
    );
    const [first] = demands;
    if (glued === null || !first) {
      this.queue = demands;
      return;
    }
    this.queue = demands;
    this.value(first, glued);
  }

  private short(word: string): Seen {
    const options: FoundOption[] = [];
    for (let at = 1; at < word.length; at++) {
      const option = optionOfLetter(word.charAt(at));
      if (!option) return { kind: 'unknown' };
      const rest = word.slice(at + 1);
      const glued = option.glued && rest !== '' ? rest : null;
      const name = `-${option.letter}`;
      options.push({ option, name, glued });
      if (option.arguments.length === 0) continue;
      this.demandAll(option, name, glued);
      break;
    }
    return { kind: 'options', options };
  }

  private long(word: string): Seen {
    const equals = word.indexOf('=');
    const given = equals < 0 ? word : word.slice(0, equals);
    const glued = equals < 0 ? null : word.slice(equals + 1);
    const known = this.known();
    const exact = commandOptions.has(given) || known.some((options) => options.has(given));
    const full = exact ? given : given.length < 3 ? null : completeOption(given, known);
    if (Array.isArray(full)) return { kind: 'ambiguous', names: full };
    if (full === null) return { kind: 'unknown' };
    const option = commandOptions.get(full);
    if (option) {
      if (glued !== null && option.arguments.length === 0) return { kind: 'unknown' };
      const name = option.letter === '0' ? full : `-${option.letter}`;
      this.demandAll(option, name, glued);
      return { kind: 'options', options: [{ option, name, glued }] };
    }
    // what was loaded last is asked first
    const entry = known.findLast((options) => options.has(full))?.get(full);
    const expected = entry?.codec.expected ?? grammars.value;
    const demand = (need: Demand['need']): Demand => ({
      option: null,
      name: full,
      argument: 'value',
      need,
      expected,
    });
    const demands = Array.from({ length: entry?.codec.words ?? 0 }, () => demand('must'));
    if (entry?.codec.optional) demands.push(demand('may'));
    this.queue = glued === null ? demands : demands.slice(1);
    return { kind: 'options', options: [{ option: null, name: full, glued }] };
  }

  private known(): Extension['options'][] {
    const implied = this.protocol === null ? undefined : protocolMatches.get(this.protocol);
    const extensions = implied && !this.loaded.includes(implied) ? [implied, ...this.loaded] : this.loaded;
    return extensions.map((extension) => extension.options);
  }
}
