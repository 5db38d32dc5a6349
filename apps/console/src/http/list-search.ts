// longer than any name or address; the server takes no more
const longestText = 200;

/** Whether an address names one of the record's keys, and not something that every object has. */
export function isKeyOf<Key extends string>(record: Record<Key, true>, value: unknown): value is Key {
  return typeof value === 'string' && Object.hasOwn(record, value);
}

/** The filter in a list's address. Digits alone arrive as a number. */
export function textOf(value: unknown): { q?: string } {
  return typeof value === 'string' || typeof value === 'number'
    ? { q: String(value).slice(0, longestText) }
    : {};
}

/** The page in a list's address, from 2; anything else is the first page. */
export function pageOf(value: unknown): { page?: number } {
  const page = Number(value);
  return Number.isInteger(page) && page > 1 ? { page } : {};
}
