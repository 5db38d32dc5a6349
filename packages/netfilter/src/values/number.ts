/**
 * A non-negative integer as C's strtoul reads it with base 0 (`10`, `0x1f`, `017`), or -1. No sign, no blanks,
 * nothing behind it; above `max` is -1 too.
 */
export function parseUnsigned(text: string, max: number): number {
  let i = 0;
  let base = 10;
  if (text.charCodeAt(0) === 48 && text.length > 1) {
    base = 8;
    i = 1;
    if ((text.charCodeAt(1) | 32) === 120) {
      base = 16;
      i = 2;
    }
  }
  if (i >= text.length) return -1;
  let value = 0;
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i);
    let digit = c - 48;
    // letters only: `@` and the backquote would come out as 9
    if (digit > 9) digit = (c | 32) > 96 ? (c | 32) - 87 : base;
    if (digit < 0 || digit >= base) return -1;
    value = value * base + digit;
    if (value > max) return -1;
  }
  return value;
}

/** A decimal integer without sign, or -1. */
export function parseDecimal(text: string, max: number): number {
  if (text.length === 0) return -1;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
    if (value > max) return -1;
  }
  return value;
}

/** `0x1f`, as the tool prints marks. */
export function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
