import { NetfilterError } from '../error.ts';
import { matchCatalog, targetCatalog } from '../extensions/catalog.ts';
import { commandOptions, optionOfLetter } from '../read/command-options.ts';
import { OptionWalker } from '../read/option-walker.ts';
import type { SimpleCommand } from '../read/shell-words.ts';
import type { Word } from '../read/words.ts';
import { dashes } from './plain-text.ts';
import type { Edit, Incomplete } from './repair.ts';

/** Long options of the tool and of every match and target, without their dashes. */
const longNames: ReadonlySet<string> = new Set(
  [
    ...commandOptions.keys(),
    ...[...matchCatalog.values(), ...targetCatalog.values()].flatMap(({ options }) => [...options.keys()]),
  ]
    .filter((name) => name.startsWith('--'))
    .map((name) => name.slice(2)),
);

/** Names that the guide or the habit of other tools suggests. */
const misnamed: ReadonlyMap<string, string> = new Map([['tables', 'table']]);

const anyDash = `[-${dashes}]`;
const leading = new RegExp(`^${anyDash}+`);
const unusual = new RegExp(`[${dashes}]`);
const gluedProgram = new RegExp(`^(sudo)?(ip6?tables)(?:${anyDash}([A-Z]))?$`);
const gluedChain = new RegExp(`^(INPUT|OUTPUT|FORWARD|PREROUTING|POSTROUTING)${anyDash}{1,2}([a-z-]+)$`);
const gluedPort = new RegExp(`^(\\d+)${anyDash}([jsdiopm])$`);
const addressRange = new RegExp(`^[\\d.]+[${dashes}][\\d.]+$`);

/** Mends the words of one program call; offsets of its edits are those of the whole text. */
export class WordRepairer {
  private readonly base: number;
  private readonly walker = new OptionWalker(true);
  private readonly edits: Edit[] = [];
  private commandSeen = false;
  incomplete: Incomplete | null = null;

  /** `base`: where the text that the call was read from begins in the whole */
  constructor(base: number) {
    this.base = base;
  }

  repair(call: SimpleCommand): Edit[] {
    const words = call.words.map((word) => ({
      ...word,
      start: word.start + this.base,
      end: word.end + this.base,
    }));
    const rest = this.program(words);
    for (const { path } of call.redirects) {
      this.path({ ...path, start: path.start + this.base, end: path.end + this.base });
    }
    if (rest === null) return this.edits.toSorted((a, b) => a.start - b.start);
    for (let i = 0; i < rest.length; i++) {
      const word = rest[i];
      if (word) i += this.word(word, rest[i + 1]);
    }
    this.finish(call.end + this.base);
    return this.edits.toSorted((a, b) => a.start - b.start);
  }

  private edit(kind: Edit['kind'], word: Pick<Word, 'start' | 'end'>, to: string): void {
    this.edits.push({ kind, start: word.start, end: word.end, to });
  }

  /** Mends the program's name; gives the words behind it, or null when they are not those of `iptables`. */
  private program(words: readonly Word[]): readonly Word[] | null {
    let index = words.findIndex(({ text }) => text !== 'sudo' && !/^-[bEHknPS]$/.test(text));
    const word = words[index];
    if (!word) return null;
    const glued = gluedProgram.exec(word.text);
    if (glued && (glued[1] || glued[3])) {
      const [, sudo, program = '', letter] = glued;
      const parts = [...(sudo ? [sudo] : []), program, ...(letter ? [`-${letter}`] : [])];
      this.edit('missingBlank', word, parts.join(' '));
      if (letter) this.take(`-${letter}`);
      return words.slice(index + 1);
    }
    const hyphens = word.text.replaceAll(new RegExp(unusual, 'g'), '-');
    const name = hyphens.replace(/^.*\//, '');
    if (leading.test(word.text)) index--;
    else if (hyphens !== word.text) this.edit('dash', word, hyphens);
    if (leading.test(word.text) || /^ip6?tables(-legacy|-nft)?$/.test(name)) return words.slice(index + 1);
    if (/^(ip6?tables(-legacy|-nft)?-(save|restore)|cat|tee)$/.test(name)) {
      for (const path of words.slice(index + 1)) this.path(path);
    }
    return null;
  }

  private path(word: Word): void {
    if (/^etc\/\S+$/.test(word.text) && !word.quoted) this.edit('path', word, `/${word.text}`);
  }

  private take(text: string): void {
    try {
      const seen = this.walker.take(text);
      if (seen.kind === 'options')
        this.commandSeen ||= seen.options.some(({ option }) => option?.role === 'command');
    } catch (error) {
      if (!(error instanceof NetfilterError)) throw error;
    }
  }

  /** Mends one word; gives how many words behind it were taken with it. */
  private word(word: Word, next: Word | undefined): number {
    const { demand } = this.walker;
    if (word.quoted) {
      this.take(word.text);
      return 0;
    }
    if (demand !== null && demand.need === 'must') {
      this.value(word, demand.argument);
      return 0;
    }
    const dash = leading.exec(word.text)?.[0] ?? '';
    if (
      dash === word.text &&
      next &&
      !next.quoted &&
      optionName(next.text) !== null &&
      !unreadable(next.text)
    ) {
      const option = `${isLetter(next.text) ? '-' : '--'}${next.text}`;
      this.edit('dash', { start: word.start, end: next.end }, option);
      this.take(option);
      return 1;
    }
    const mended = dash === '' ? this.bare(word.text) : this.dashed(word.text, dash);
    if (mended !== null) this.edit(mended.kind, word, mended.to);
    this.take(mended?.to ?? word.text);
    return 0;
  }

  private value(word: Word, argument: string): void {
    const { text } = word;
    const chain = argument === 'chain' ? gluedChain.exec(text) : null;
    const split = chain ?? (argument === 'value' ? gluedPort.exec(text) : null);
    const name = split ? optionName(split[2] ?? '') : null;
    if (split && name !== null) {
      const option = `${isLetter(name) ? '-' : '--'}${name}`;
      this.edit('missingBlank', word, `${split[1]} ${option}`);
      this.take(split[1] ?? '');
      this.take(option);
      return;
    }
    const mended = addressRange.test(text) ? text.replaceAll(new RegExp(unusual, 'g'), '-') : text;
    if (mended !== text) this.edit('dash', word, mended);
    this.take(mended);
  }

  /** A word without a dash where an option should stand: the guide names some so (`j`, `p`, `t`). */
  private bare(text: string): Pick<Edit, 'kind' | 'to'> | null {
    const { demand } = this.walker;
    // an optional chain may well be called like an option
    if (demand !== null && demand.argument !== 'position') return null;
    if (demand !== null && /^\d/.test(text)) return null;
    const name = optionName(text);
    return name === null ? null : { kind: 'dash', to: `${isLetter(name) ? '-' : '--'}${name}` };
  }

  private dashed(text: string, dash: string): Pick<Edit, 'kind' | 'to'> | null {
    const given = text.slice(dash.length);
    const equals = given.indexOf('=');
    const name = equals < 0 ? given : given.slice(0, equals);
    const meant = misnamed.get(name) ?? name;
    const to = `${prefixOf(meant, dash)}${meant}${given.slice(name.length)}`;
    if (to === text) return null;
    return { kind: meant === name ? 'dash' : 'option', to };
  }

  private finish(end: number): void {
    const { demand } = this.walker;
    if (demand !== null && demand.need !== 'may') {
      const { name, argument, expected } = demand;
      this.incomplete = { offset: end, wants: argument, option: name, expected };
    } else if (!this.commandSeen) {
      this.incomplete = {
        offset: end,
        wants: 'command',
        option: null,
        expected: '-A | -I | -D | -R | -L | -S | …',
      };
    }
  }
}

const isLetter = (name: string): boolean => name.length === 1;

/** The name when it is that of an option, misnamed ones as they are meant; null for any other word. */
function optionName(text: string): string | null {
  if (isLetter(text)) return optionOfLetter(text) && !/\d/.test(text) ? text : null;
  return longNames.has(text) ? text : (misnamed.get(text) ?? null);
}

const unreadable = (text: string): boolean => leading.test(text);

/** One dash or two. Names that are unknown keep their dashes when those are plain. */
function prefixOf(name: string, dash: string): string {
  const plain = !unusual.test(dash);
  if (isLetter(name) && optionOfLetter(name)) return '-';
  if (longNames.has(name)) return '--';
  if (plain) return dash;
  const letters = [...name].every((letter) => optionOfLetter(letter) !== undefined);
  // `–nvL`, `–tnat`: letters that need no value, up to one that may have it in the same word
  const first = optionOfLetter(name.charAt(0));
  return letters || (first && dash.length === 1 && /^[A-Z]/.test(name)) ? '-' : '--';
}
