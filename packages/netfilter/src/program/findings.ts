import type { Finding } from '../check/validate.ts';
import type { ErrorParams } from '../error.ts';

/** `error: chain.missing at target (chain=web)`. */
export function findingText({ severity, code, field, params }: Finding): string {
  return `${severity}: ${code} at ${field}${paramsText(params)}`;
}

/** ` (a=1, b=2)`, or nothing. */
export function paramsText(params: ErrorParams): string {
  const entries = Object.entries(params);
  return entries.length > 0 ? ` (${entries.map(([name, value]) => `${name}=${value}`).join(', ')})` : '';
}

/** A word of the input in quotes, without anything that a terminal would obey. */
export function shownWord(word: string): string {
  return JSON.stringify(word).replaceAll(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
