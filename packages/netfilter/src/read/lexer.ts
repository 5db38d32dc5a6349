import { type NetfilterCode, NetfilterError } from '../error.ts';

const NEWLINE = 10;
const BLANK = 32;
const TAB = 9;
const QUOTE = 34;
const BACKSLASH = 92;

/** Slots of the word cache; a power of two. Rule sets repeat a few hundred words over and over. */
const cacheBits = 11;
/** Longer words are seldom repeated. */
const maxShared = 24;
/** Longest word of a restore file, in UTF-8 bytes: the tool's buffer holds 1024 and the terminator. */
const maxWord = 1023;
/** Words of a line that the tool takes: 255 arguments less its own name and `-t TABLE`. */
const maxWords = 252;
/** The tool reads 10,239 bytes at a time, newline included, and takes what follows for a line of its own. */
const maxLine = 10_238;

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
  /** words by slot, and what `word` packed of their characters; -1 where that does not tell them apart */
  private readonly cache: string[];
  private readonly lows: Int32Array;
  private readonly highs: Int32Array;

  constructor(text: string) {
    this.text = text;
    // a single rule does not pay for the cache
    const slots = text.length > 4096 ? 1 << cacheBits : 0;
    this.cache = new Array<string>(slots).fill('');
    this.lows = new Int32Array(slots);
    this.highs = new Int32Array(slots);
  }

  /** The next word of the line, or null at its end (the newline stays). */
  word(): string | null {
    const text = this.text;
    let i = this.position;
    // past the end of the text NaN becomes 0, which ends every loop below; the loops stay in integers
    let c = text.charCodeAt(i) | 0;
    while (c === BLANK || c === TAB) c = text.charCodeAt(++i) | 0;
    const start = i;
    this.start = i;
    // the last eight characters, seven bits each
    let low = 0;
    let high = 0;
    let bits = 0;
    while (c > QUOTE || (c !== BLANK && c !== NEWLINE && c !== QUOTE && c !== TAB && c !== 0)) {
      high = (high << 7) | (low >>> 21);
      low = ((low & 0x1fffff) << 7) | c;
      bits |= c;
      c = text.charCodeAt(++i) | 0;
    }
    this.position = i;
    this.end = i;
    this.quoted = false;
    if (c === QUOTE) return this.quotedWord(i);
    if (c === 0 && i < text.length) throw this.error('text.control', i, 'text without NUL');
    if (i === start) return null;
    this.count();
    return i - start > maxShared ? this.longWord() : this.shared(low, high, bits);
  }

  private count(): void {
    if (++this.words > maxWords)
      throw this.error('text.tooManyWords', this.start, `at most ${maxWords} words`);
  }

  private shared(low: number, high: number, bits: number): string {
    const { text, start, end, cache } = this;
    if (cache.length === 0) return text.slice(start, end);
    const length = end - start;
    const slot = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1) >>> (32 - cacheBits);
    const known = cache[slot];
    // no character is 0, so that what was packed of eight ASCII characters or fewer is the word itself
    const whole = length <= 8 && bits < 128;
    if (whole) {
      if (known !== undefined && this.lows[slot] === low && this.highs[slot] === high) return known;
    } else if (known !== undefined && known.length === length && text.startsWith(known, start)) return known;
    const word = text.slice(start, end);
    cache[slot] = word;
    this.lows[slot] = whole ? low : -1;
    this.highs[slot] = high;
    return word;
  }

  private longWord(): string {
    const word = this.text.slice(this.start, this.end);
    if (word.length * 3 > maxWord) this.checkLength(word);
    return word;
  }

  private quotedWord(quoteAt: number): string {
    const { text } = this;
    this.count();
    let word = quoteAt === this.start ? '' : text.slice(this.start, quoteAt);
    let from = quoteAt + 1;
    let i = from;
    for (;;) {
      let c = text.charCodeAt(i) | 0;
      while (c > BACKSLASH || (c !== QUOTE && c !== BACKSLASH && c !== NEWLINE && c !== 0)) {
        c = text.charCodeAt(++i) | 0;
      }
      if (c === QUOTE) break;
      if (c !== BACKSLASH) throw this.error('text.quote', this.start, 'closing "');
      word += text.slice(from, i);
      from = i + 1;
      // the escaped character is taken as it is, unless the line ends here
      c = text.charCodeAt(from) | 0;
      if (c === NEWLINE || c === 0) throw this.error('text.quote', this.start, 'closing "');
      i += 2;
    }
    const rest = text.slice(from, i);
    word = word === '' ? rest : word + rest;
    this.position = i + 1;
    this.end = i + 1;
    this.quoted = true;
    if (word.length * 3 > maxWord) this.checkLength(word);
    return word;
  }

  /**
   * The decimal number that begins at `from` and ends before the character `closing`; `end` is then the place of
   * that one. -1 for anything else, and for more than 15 digits, which a number does not hold exactly.
   */
  number(from: number, closing: number): number {
    const { text } = this;
    let value = 0;
    let i = from;
    let digit = (text.charCodeAt(i) | 0) - 48;
    while (digit >= 0 && digit <= 9 && i - from < 16) {
      value = value * 10 + digit;
      digit = (text.charCodeAt(++i) | 0) - 48;
    }
    if (i === from || i - from > 15 || digit + 48 !== closing) return -1;
    this.end = i;
    return value;
  }

  /** Moves to `end` when a blank follows there; false otherwise. */
  skipWord(end: number): boolean {
    if (this.text.charCodeAt(end) !== BLANK) return false;
    this.position = end;
    return true;
  }

  /** Moves behind `head`, which is `words` words and a blank, when it stands here; false otherwise. */
  skip(head: string, words: number): boolean {
    const { text, position } = this;
    const at = text.charCodeAt(position) === BLANK ? position + 1 : position;
    if (!text.startsWith(head, at)) return false;
    this.position = at + head.length - 1;
    this.words += words;
    return true;
  }

  private checkLength(word: string): void {
    if (utf8Longer(word, maxWord))
      throw this.error('text.wordTooLong', this.start, `at most ${maxWord} bytes`);
  }

  /** Moves behind the line's end. False when the text ends here; a line that the tool would divide is refused. */
  nextLine(): boolean {
    const { text, position } = this;
    const at = text.charCodeAt(position) === NEWLINE ? position : text.indexOf('\n', position);
    const end = at < 0 ? text.length : at;
    if ((end - this.lineStart) * 3 > maxLine && utf8Longer(text.slice(this.lineStart, end), maxLine)) {
      throw this.error('text.lineTooLong', this.lineStart, `at most ${maxLine} bytes`);
    }
    this.position = at < 0 ? end : at + 1;
    this.line++;
    this.words = 0;
    this.lineStart = this.position;
    return this.position < text.length;
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
