// longer than any name or address; the server takes no more
const longestText = 200;

/** Whether an address names one of the record's keys, and not something that every object has. */
export function isKeyOf<Key extends string>(record: Record<Key, true>, value: unknown): value is Key {
  return typeof value === 'string' && Object.hasOwn(record, value);
}

/** The search part of an address as plain text: the router's own form puts quotes around `203` to keep it a string. */
export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

export function printSearch(search: Record<string, unknown>): string {
  const filled = Object.entries(search).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(filled.map(([key, value]) => [key, String(value)])).toString();
  return text && `?${text}`;
}

/** The filter in a list's address. */
export function textOf(value: unknown): { q?: string } {
  return typeof value === 'string' ? { q: value.slice(0, longestText) } : {};
}

/** The page in a list's address, from 2; anything else is the first page. */
export function pageOf(value: unknown): { page?: number } {
  const page = Number(value);
  return Number.isInteger(page) && page > 1 ? { page } : {};
}
