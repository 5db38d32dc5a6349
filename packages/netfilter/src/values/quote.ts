import { NetfilterError } from '../error.ts';

const NEWLINE = 10;

/**
 * A word as `iptables-save` writes strings: bare when it is made of letters, digits, `_` and `-`, else in double
 * quotes with `"`, `\` and `'` escaped (reference/iptables.md section 1, comment quoting).
 * A line feed throws `text.control`: the rest of the word would be read as a rule (reference/security.md 3).
 */
export function quoteWord(value: string): string {
  if (value.length > 0 && isBare(value)) return value;
  let out = '"';
  let from = 0;
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i);
    if (c === NEWLINE) throw new NetfilterError('text.control', { expected: 'one line' });
    if (c === 34 || c === 92 || c === 39) {
      out += `${value.slice(from, i)}\\`;
      from = i;
    }
  }
  return `${out}${value.slice(from)}"`;
}

function isBare(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i);
    const letter = (c >= 97 && c <= 122) || (c >= 65 && c <= 90);
    if (!letter && !(c >= 48 && c <= 57) && c !== 45 && c !== 95) return false;
  }
  return true;
}

/**
 * A value that the tool prints as it is (names of interfaces and chains). Bare where the lexer would give back
 * the same word, quoted where it would not: the tool's own text of an interface called `a b` does not load.
 */
export function plainWord(value: string): string {
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i);
    if (c <= 32 || c === 34) return quoteWord(value);
  }
  return value.length > 0 ? value : '""';
}

/** A text that is printed as it stands; a line feed in it throws `text.control`. */
export function oneLine(text: string): string {
  if (text.includes('\n')) throw new NetfilterError('text.control', { expected: 'one line' });
  return text;
}

/** Whether a text holds a C0 or C1 control character (LF becomes a second rule: reference/security.md 3). */
export function hasControl(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i);
    if (c < 32 || (c >= 127 && c < 160) || c === 0x2028 || c === 0x2029) return true;
  }
  return false;
}

/** Length in UTF-8 bytes, which is what the kernel's fields are measured in. */
export function byteLength(value: string): number {
  let bytes = value.length;
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i);
    if (c < 0x80) continue;
    // a surrogate pair is two units and four bytes, so each half counts one more; a lone one becomes U+FFFD
    if (c >= 0xd800 && c < 0xdc00 && (value.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      bytes += 2;
      i++;
    } else bytes += c < 0x800 ? 1 : 2;
  }
  return bytes;
}
