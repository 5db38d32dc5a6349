// longer than any name or address; the server takes no more
const longestText = 200;
// of one property
const mostValues = 200;

/** Whether an address names one of the record's keys, and not something that every object has. */
export function isKeyOf<Key extends string>(record: Record<Key, true>, value: unknown): value is Key {
  return typeof value === 'string' && Object.hasOwn(record, value);
}

/**
 * A route's search without what its reading leaves out. The router lays what is read over what stands in the address,
 * where `sort=colour` would then still stand for whoever asks.
 */
export function understood<Read extends (search: Record<string, unknown>) => object>(read: Read): Read {
  const whole = (search: Record<string, unknown>) => ({
    ...Object.fromEntries(Object.keys(search).map((key) => [key, undefined])),
    ...read(search),
  });
  return whole as Read;
}

/** The search part of an address as plain text: the router's own form puts quotes around `203` to keep it a string. */
export function parseSearch(text: string): Record<string, string | string[]> {
  const params = new URLSearchParams(text);
  return Object.fromEntries(
    [...params].map(([key, value]) => {
      const all = params.getAll(key);
      return [key, all.length > 1 ? all : value];
    }),
  );
}

/** A name with several values stands there once for each. */
export function printSearch(search: Record<string, unknown>): string {
  const filled = Object.entries(search).flatMap(([key, value]) =>
    [value].flat().flatMap((one) => (one === undefined ? [] : [[key, String(one)]])),
  );
  const text = new URLSearchParams(filled).toString();
  return text && `?${text}`;
}

/** The filter in a list's address. */
export function textOf(value: unknown): { q?: string } {
  return typeof value === 'string' ? { q: value.slice(0, longestText) } : {};
}

/** One value or several under a name of an address: each once, and no more than the server takes. */
export function severalOf(value: unknown): string[] {
  const texts = [value].flat().filter((one) => typeof one === 'string' && one !== '');
  return [...new Set(texts.map((text) => String(text).slice(0, longestText)))].slice(0, mostValues);
}

/** The page in a list's address, from 2; anything else is the first page. */
export function pageOf(value: unknown): { page?: number } {
  const page = Number(value);
  return Number.isInteger(page) && page > 1 ? { page } : {};
}
