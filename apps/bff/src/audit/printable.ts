const maximumCharacters = 1_000;
const maximumDepth = 4;
const maximumEntries = 50;

/**
 * Control, line-separating and direction-changing characters: they forge lines and spoof what a terminal shows
 * (reference/security.md T12).
 */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** The text with unprintable characters as `\uXXXX`, cut at 1,000 characters. */
export function printable(text: string): string {
  const cut = text.length > maximumCharacters ? `${text.slice(0, maximumCharacters)}…` : text;
  return cut.replace(
    unprintable,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
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
