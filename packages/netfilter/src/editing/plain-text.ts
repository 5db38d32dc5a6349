import type { Repair, RepairKind } from './repair.ts';

/** Dashes other than the hyphen: hyphens, figure, en and em dash, bar, minus, small and full-width forms. */
export const dashes = '\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d';

const blanks = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/;
const invisible = /[\u00ad\u200b-\u200f\u2060\ufeff]/;
const doubleQuotes = /[\u201c-\u201f\uff02]/;
const singleQuotes = /[\u2018-\u201b]/;
const joiner = /[\u200c\u200d]/;
const wordEnds = /[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/;
/** Neither ASCII nor a full-width form of it: no option, address or port has such. */
const foreignLetter = /(?![A-Za-z\uff01-\uff5e])\p{L}/u;
/** What a shell ends, opens or expands something by. */
const special = /[\\$`;&|<>()#*?[\]{}~'"]/;
const prompt = /^[ \t]*(?:\[?[\w.-]+@[\w.-]+[: ][^#$\n]{0,80}[#$]|\$)[ \t]+(?=\S)/;

/** The text with plain characters, and where each of them came from. */
export interface PlainText {
  text: string;
  repairs: Repair[];
  /** offset in the text as given of an offset in this one */
  origin: (offset: number) => number;
}

/** Replaces single characters that mean nothing to a shell. What stands in quotes or behind `#` is left alone. */
export function plainText(given: string): PlainText {
  return new PlainReader(given).read();
}

class PlainReader {
  private readonly given: string;
  private readonly repairs: Repair[] = [];
  private readonly origins: number[] = [];
  private out = '';
  private quote: '"' | "'" | null = null;
  /** the quotation began with a smart quote, so one may end it */
  private smart = false;
  private wordStart = true;
  /** up to where `prose` is known */
  private wordEnd = 0;
  private prose = false;

  constructor(given: string) {
    this.given = given;
  }

  read(): PlainText {
    const { given, origins } = this;
    for (let i = 0; i < given.length; ) i = this.quote === null ? this.outside(i) : this.inside(i);
    return { text: this.out, repairs: this.repairs, origin: (offset) => origins[offset] ?? given.length };
  }

  /** Writes `to` for the characters from `from` to `end`, and gives `end`. */
  private put(from: number, end: number, to: string, kind: RepairKind | null): number {
    if (kind !== null) this.repairs.push({ kind, from: this.given.slice(from, end), to, offset: from });
    for (let i = 0; i < to.length; i++) this.origins.push(kind === null ? from + i : from);
    this.out += to;
    if (to !== '') this.wordStart = ' \t\n;|&'.includes(to.slice(-1));
    return end;
  }

  private outside(i: number): number {
    const { given } = this;
    const c = given.charAt(i);
    if (i === 0 || given.charAt(i - 1) === '\n') {
      const found = prompt.exec(given.slice(i, i + 200));
      if (found) return this.put(i, i + found[0].length, '', 'prompt');
    }
    if (c === '#' && this.wordStart) {
      const newline = given.indexOf('\n', i);
      const end = newline < 0 ? given.length : newline;
      const windows = given.charAt(end - 1) === '\r' ? end - 1 : end;
      this.put(i, windows, given.slice(i, windows), null);
      return windows < end ? this.put(windows, end, '', 'lineEnd') : end;
    }
    if (c === '\\') return this.put(i, Math.min(i + 2, given.length), given.slice(i, i + 2), null);
    const plain = plainCharacter(given, i, this.wordStart, this.isProse(i));
    const to = plain?.to ?? c;
    if (to === '"' || to === "'") {
      this.quote = to;
      this.smart = plain?.kind === 'quote';
    }
    return this.put(i, i + 1, to, plain?.kind ?? null);
  }

  /** Whether the word here has letters that no option, address or port has: then it is somebody's text. */
  private isProse(i: number): boolean {
    if (i >= this.wordEnd) {
      const length = this.given.slice(i).search(wordEnds);
      this.wordEnd = length < 0 ? this.given.length : i + Math.max(length, 1);
      this.prose = foreignLetter.test(this.given.slice(i, this.wordEnd));
    }
    return this.prose;
  }

  private inside(i: number): number {
    const { given, quote } = this;
    const c = given.charAt(i);
    if (quote === '"' && c === '\\')
      return this.put(i, Math.min(i + 2, given.length), given.slice(i, i + 2), null);
    const ends = this.smart && (quote === '"' ? doubleQuotes : singleQuotes).test(c);
    if (c !== quote && !ends) return this.put(i, i + 1, c, null);
    this.quote = null;
    return this.put(i, i + 1, quote ?? c, c === quote ? null : 'quote');
  }
}

interface Plain {
  to: string;
  kind: RepairKind;
}

/** Alone, as it would stand to divide commands or to redirect. */
const standsAlone = (text: string, at: number, wordStart: boolean): boolean =>
  wordStart && (at + 1 === text.length || wordEnds.test(text.charAt(at + 1)));

function plainCharacter(text: string, at: number, wordStart: boolean, prose: boolean): Plain | null {
  const c = text.charAt(at);
  const code = c.charCodeAt(0);
  if (c === '\r' && (text.charAt(at + 1) === '\n' || at + 1 === text.length))
    return { to: '', kind: 'lineEnd' };
  if (code < 0x80) return null;
  if (blanks.test(c)) return { to: ' ', kind: 'blank' };
  if (joins(text, at)) return null;
  if (invisible.test(c)) return { to: '', kind: 'invisible' };
  // behind `--comment=`, too; within a word it is an inch or the end of what was never begun
  if (doubleQuotes.test(c)) {
    return wordStart || text.charAt(at - 1) === '=' ? { to: '"', kind: 'quote' } : null;
  }
  // within a word it is an apostrophe, which a shell would take for an open quote
  if (singleQuotes.test(c)) return wordStart ? { to: "'", kind: 'quote' } : null;
  // dashes are for the words: how many belong there depends on the option
  if (dashes.includes(c)) return null;
  if (code < 0xff01 || code > 0xff5e || prose) return null;
  const to = String.fromCharCode(code - 0xfee0);
  // a shell takes it as it stands for a letter like any other, and mended for what ends or opens something
  return special.test(to) && !standsAlone(text, at, wordStart) ? null : { to, kind: 'fullWidth' };
}

/** A joiner between characters that are no ASCII makes one sign of them. */
function joins(text: string, at: number): boolean {
  if (!joiner.test(text.charAt(at))) return false;
  return text.charCodeAt(at - 1) >= 0x80 && text.charCodeAt(at + 1) >= 0x80;
}
