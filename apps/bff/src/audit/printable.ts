import { createHash } from 'node:crypto';

const maximumCharacters = 1_000;
/** of a longer text: a rule's source stands at its beginning, its verdict at its end */
const headCharacters = 600;
const tailCharacters = 300;
const maximumDepth = 4;
const maximumEntries = 50;

/**
 * Control, line-separating and direction-changing characters: they forge lines and spoof what a terminal shows
 * (reference/security.md T12).
 */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/**
 * The text with unprintable characters as `\uXXXX`. Of more than 1,000 characters beginning and end are kept, and in
 * between the length and the SHA-256 (hex) of the whole text in UTF-8, by which it can be recognised.
 */
export function printable(text: string): string {
  return shorten(text).replace(
    unprintable,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

function shorten(text: string): string {
  if (text.length <= maximumCharacters) return text;
  const hash = createHash('sha256').update(text).digest('hex');
  const left = `[${text.length} characters, SHA-256 ${hash}]`;
  return `${text.slice(0, headCharacters)}… ${left} …${text.slice(-tailCharacters)}`;
}

/** The same for every text within, keys included; wide or deep values are cut. */
export function printableDetail(detail: Record<string, unknown>): Record<string, unknown> {
  return convertEntries(detail, maximumDepth);
}

function convert(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return printable(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  if (Array.isArray(value)) return value.slice(0, maximumEntries).map((item) => convert(item, depth - 1));
  return convertEntries(value, depth - 1);
}

function convertEntries(value: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, maximumEntries)
      .map(([key, item]) => [printable(key), convert(item, depth)]),
  );
}
