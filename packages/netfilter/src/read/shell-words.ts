import { type NetfilterCode, NetfilterError } from '../error.ts';
import { SourceText, type Word } from './words.ts';

/** `< file`, `> file` or `>> file`. Redirects of the error output are read and dropped. */
export interface Redirect {
  kind: 'in' | 'out' | 'append';
  path: Word;
}

/** One program call of a shell text. */
export interface SimpleCommand {
  words: Word[];
  redirects: Redirect[];
  start: number;
  end: number;
  /** the operator behind it; null at a line's or the text's end */
  operator: ';' | '&&' | '||' | '|' | null;
}

/** A `#` comment, without the sign. */
export interface ShellNote {
  note: string;
  start: number;
  end: number;
}

const operators = ['&&', '||', ';', '|'] as const;

/**
 * Divides text as a shell does, without running anything: words with single, double and backslash quoting,
 * continued lines, `;`, `&&`, `||`, `|`, newlines, redirects, and `#` comments.
 *
 * What a shell would replace by something that only it knows (`$NAME`, backquotes, `{a,b}`) throws
 * `shell.expansion`; other constructs (`(`, `&`, `<<`) throw `shell.construct`; an open quote throws `text.quote`.
 */
export function readShell(text: string): (SimpleCommand | ShellNote)[] {
  return new ShellReader(text).read();
}

export const isNote = (item: SimpleCommand | ShellNote): item is ShellNote => 'note' in item;

class ShellReader {
  private readonly text: string;
  private position = 0;
  private readonly items: (SimpleCommand | ShellNote)[] = [];
  private words: Word[] = [];
  private redirects: Redirect[] = [];
  private start = -1;

  constructor(text: string) {
    this.text = text;
  }

  read(): (SimpleCommand | ShellNote)[] {
    const { text } = this;
    while (this.position < text.length) {
      const c = text.charAt(this.position);
      if (c === ' ' || c === '\t') this.position++;
      else if (text.startsWith('\\\n', this.position)) this.position += 2;
      else if (c === '\n') {
        this.endCommand(null);
        this.position++;
      } else if (c === '#') this.note();
      else if (!this.operator()) this.word();
    }
    this.endCommand(null);
    return this.items;
  }

  private fail(code: NetfilterCode, at: number, length: number, expected: string): NetfilterError {
    const word = this.text.slice(at, at + length);
    return new NetfilterError(code, { ...new SourceText(this.text).place(at), word, expected });
  }

  private note(): void {
    const start = this.position;
    const newline = this.text.indexOf('\n', start);
    this.position = newline < 0 ? this.text.length : newline;
    this.items.push({
      note: this.text.slice(start + 1, this.position).trim(),
      start,
      end: this.position,
    });
  }

  private endCommand(operator: SimpleCommand['operator']): void {
    const { words, redirects, start } = this;
    if (start < 0) {
      if (operator !== null) throw this.fail('shell.construct', this.position, operator.length, 'a command');
      return;
    }
    const end = Math.max(words.at(-1)?.end ?? 0, redirects.at(-1)?.path.end ?? 0, start);
    this.items.push({ words, redirects, start, end, operator });
    this.words = [];
    this.redirects = [];
    this.start = -1;
  }

  /** Reads a control operator or a redirect; false where a word begins. */
  private operator(): boolean {
    const { text, position } = this;
    const redirect = /(\d*)(<<|<>|>>|>\||>&|<&|<|>)/y;
    redirect.lastIndex = position;
    const found = redirect.exec(text);
    if (found) {
      this.redirect(found[0], found[1] ?? '', found[2] ?? '');
      return true;
    }
    const control = operators.find((each) => text.startsWith(each, position));
    if (control !== undefined && text.charAt(position + control.length) !== '&') {
      this.endCommand(control);
      this.position += control.length;
      return true;
    }
    if ('&;|()'.includes(text.charAt(position)))
      throw this.fail('shell.construct', position, 1, '; | && || newline');
    return false;
  }

  private redirect(whole: string, descriptor: string, sign: string): void {
    const at = this.position;
    if (this.start < 0) this.start = at;
    this.position += whole.length;
    if (sign === '>&' || sign === '<&') {
      const digits = /\d+|-/y;
      digits.lastIndex = this.position;
      const target = digits.exec(this.text);
      if (!target || descriptor !== '2') throw this.fail('shell.construct', at, whole.length, '< | > | >>');
      this.position += target[0].length;
      return;
    }
    const kind =
      sign === '<' ? 'in' : sign === '>' || sign === '>|' ? 'out' : sign === '>>' ? 'append' : null;
    if (kind === null) throw this.fail('shell.construct', at, whole.length, '< | > | >>');
    while (' \t'.includes(this.text.charAt(this.position)) && this.position < this.text.length)
      this.position++;
    const path = this.readWord();
    if (path === null) throw this.fail('word.missing', at, whole.length, 'path');
    if (descriptor === '2') return;
    const usual = kind === 'in' ? '0' : '1';
    if (descriptor !== '' && descriptor !== usual)
      throw this.fail('shell.construct', at, whole.length, '< | > | >>');
    this.redirects.push({ kind, path });
  }

  private word(): void {
    if (this.start < 0) this.start = this.position;
    const word = this.readWord();
    if (word !== null) this.words.push(word);
  }

  private readWord(): Word | null {
    const { text } = this;
    const start = this.position;
    let out = '';
    let quoted = false;
    for (;;) {
      const c = text.charAt(this.position);
      if (c === '' || ' \t\n;&|<>()'.includes(c)) break;
      if (c === "'") {
        const close = text.indexOf("'", this.position + 1);
        if (close < 0) throw this.fail('text.quote', this.position, 1, "closing '");
        out += text.slice(this.position + 1, close);
        this.position = close + 1;
        quoted = true;
      } else if (c === '"') {
        out += this.doubleQuoted();
        quoted = true;
      } else if (c === '\\') {
        out += this.escaped();
        quoted = true;
      } else {
        this.refuseExpansion();
        out += c;
        this.position++;
      }
    }
    if (this.position === start) return null;
    const word = { text: out, start, end: this.position, quoted };
    if (out.includes('\0')) throw this.fail('text.control', start, word.end - start, 'text without NUL');
    if (!quoted && /\{[^{}]*(,|\.\.)[^{}]*\}/.test(out))
      throw this.fail('shell.expansion', start, word.end - start, 'text without { , }');
    return word;
  }

  private escaped(): string {
    const c = this.text.charAt(this.position + 1);
    this.position += c === '' ? 1 : 2;
    return c === '\n' ? '' : c === '' ? '\\' : c;
  }

  private doubleQuoted(): string {
    const { text } = this;
    const start = this.position;
    let out = '';
    for (this.position++; ; ) {
      const c = text.charAt(this.position);
      if (c === '') throw this.fail('text.quote', start, 1, 'closing "');
      if (c === '"') break;
      const next = text.charAt(this.position + 1);
      if (c === '\\' && next !== '' && '$`"\\\n'.includes(next)) {
        out += next === '\n' ? '' : next;
        this.position += 2;
        continue;
      }
      this.refuseExpansion();
      out += c;
      this.position++;
    }
    this.position++;
    return out;
  }

  /** A `$` that stands alone is itself. */
  private refuseExpansion(): void {
    const expansion = /`|\$[A-Za-z0-9_{(@*#?$!'"-]/y;
    expansion.lastIndex = this.position;
    const found = expansion.exec(this.text);
    if (!found || found[0] === '$"') return;
    const name = /[$`{(\w]*/y;
    name.lastIndex = this.position;
    throw this.fail('shell.expansion', this.position, name.exec(this.text)?.[0].length ?? 1, 'plain text');
  }
}
