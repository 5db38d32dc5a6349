import { type NetfilterCode, NetfilterError } from '../error.ts';

const NEWLINE = 10;
const BLANK = 32;
const TAB = 9;
const QUOTE = 34;
const BACKSLASH = 92;

/** Slots of the word cache; a power of two. Rule sets repeat a few hundred words over and over. */
const cacheSlots = 2048;
/** Longest word of a restore file, in UTF-8 bytes: the tool's buffer holds 1024 and the terminator. */
const maxWord = 1023;
/** Words of a line that the tool takes: 255 arguments less its own name and `-t TABLE`. */
const maxWords = 252;

/**
 * Reads words as `iptables-restore` does (measured on 1.8.9): blanks and tabs divide, a double quote opens and
 * the next one ends the word at once (`"a"b` is two words, `a"b c"` is one), a backslash escapes inside quotes
 * only. One pass, no copy of the text; equal short words come back as the same string object.
 *
 * Stricter than the tool in one thing: a quote that stays open is an error, where the tool takes the line's end
 * into the word.
 */
export class Lexer {
  readonly text: string;
  /** of the next character to read */
  position = 0;
  /** from 1 */
  line = 1;
  lineStart = 0;
  /** of the last word: its first character (an opening quote included) and the one after its last */
  start = 0;
  end = 0;
  /** the last word held quotes */
  quoted = false;
  /** words of this line so far */
  words = 0;
  private readonly cache: string[];

  constructor(text: string) {
    this.text = text;
    // a single rule does not pay for the cache
    this.cache = text.length > 4096 ? new Array<string>(cacheSlots).fill('') : [];
  }

  /** The next word of the line, or null at its end (the newline stays). */
  word(): string | null {
    const text = this.text;
    let i = this.position;
    let c = text.charCodeAt(i);
    while (c === BLANK || c === TAB) c = text.charCodeAt(++i);
    this.start = i;
    let hash = 0;
    // NaN, past the end of the text, fails every comparison
    while (c > BLANK ? c !== QUOTE : c < BLANK && c !== TAB && c !== NEWLINE && c !== 0) {
      hash = (Math.imul(hash, 31) + c) | 0;
      c = text.charCodeAt(++i);
    }
    if (i === this.start && c !== QUOTE && c !== 0) {
      this.position = i;
      this.end = i;
      return null;
    }
    if (c === 0) throw this.error('text.control', i, 'text without NUL');
    if (++this.words > maxWords)
      throw this.error('text.tooManyWords', this.start, `at most ${maxWords} words`);
    if (c === QUOTE) return this.quotedWord(i);
    this.position = i;
    this.end = i;
    this.quoted = false;
    const word = this.shared(hash);
    if (word.length * 3 > maxWord) this.checkLength(word);
    return word;
  }

  private shared(hash: number): string {
    const { text, start, end, cache } = this;
    const length = end - start;
    if (length > 24 || cache.length === 0) return text.slice(start, end);
    const slot = (hash ^ (hash >>> 11)) & (cacheSlots - 1);
    const known = cache[slot];
    if (known !== undefined && known.length === length && text.startsWith(known, start)) return known;
    const word = text.slice(start, end);
    cache[slot] = word;
    return word;
  }

  private quotedWord(quoteAt: number): string {
    const { text } = this;
    let word = text.slice(this.start, quoteAt);
    let i = quoteAt + 1;
    let from = i;
    for (;;) {
      const c = text.charCodeAt(i);
      if (c === QUOTE) break;
      if (c === NEWLINE || c === 0 || i >= text.length)
        throw this.error('text.quote', this.start, 'closing "');
      if (c === BACKSLASH) {
        word += text.slice(from, i);
        from = ++i;
        // the escaped character is taken as it is, unless the line ends here
        if (i >= text.length || text.charCodeAt(i) === NEWLINE) {
          throw this.error('text.quote', this.start, 'closing "');
        }
      }
      i++;
    }
    word += text.slice(from, i);
    this.position = i + 1;
    this.end = i + 1;
    this.quoted = true;
    if (word.length * 3 > maxWord) this.checkLength(word);
    return word;
  }

  private checkLength(word: string): void {
    if (utf8Longer(word, maxWord))
      throw this.error('text.wordTooLong', this.start, `at most ${maxWord} bytes`);
  }

  /** Moves behind the line's end. False when the text ends here. */
  nextLine(): boolean {
    const at = this.text.indexOf('\n', this.position);
    this.position = at < 0 ? this.text.length : at + 1;
    this.line++;
    this.words = 0;
    this.lineStart = this.position;
    return this.position < this.text.length;
  }

  /** The rest of the line from `from`, without the newline. */
  rest(from = this.position): string {
    const at = this.text.indexOf('\n', from);
    return this.text.slice(from, at < 0 ? this.text.length : at);
  }

  /** An error at the given offset; the word is the last one read when the offset is its start. */
  error(code: NetfilterCode, at = this.start, expected?: string): NetfilterError {
    return new NetfilterError(code, { ...this.place(at), ...(expected === undefined ? {} : { expected }) });
  }

  /** Line and column of an offset of the current line, with the source word that stands there. */
  place(at = this.start): { line: number; column: number; word: string } {
    let end = at;
    while (end < this.text.length && this.text.charCodeAt(end) > BLANK && end - at < 80) end++;
    const word = this.text.slice(at, at === this.start && this.end > at ? Math.min(this.end, at + 80) : end);
    return { line: this.line, column: at - this.lineStart + 1, word };
  }
}

function utf8Longer(word: string, limit: number): boolean {
  let bytes = 0;
  for (let i = 0; i < word.length && bytes <= limit; i++) {
    const c = word.charCodeAt(i);
    // halves of a pair count two each: four bytes together
    bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c >= 0xd800 && c < 0xe000 ? 2 : 3;
  }
  return bytes > limit;
}
