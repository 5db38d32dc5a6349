import { replaceEqualDeep } from '@tanstack/react-query';

/**
 * A list that is filtered or read anew, with every row that is as it was as the same object, wherever it stands now, so
 * that it is not drawn anew; and `before` itself where nothing is different. The query library by itself compares rows
 * by their places: one row less makes copies of all that follow.
 */
export function shareRows<Key extends string, List extends Record<Key, readonly { id: string }[]>>(
  key: Key,
  before: List | undefined,
  after: List,
): List {
  if (!before) return after;
  const known = new Map(before[key].map((row) => [row.id, row]));
  const rows = after[key].map((row) => replaceEqualDeep(known.get(row.id), row));
  const isMoved = rows.length !== before[key].length || rows.some((row, place) => row !== before[key][place]);
  const shared = { ...after, [key]: isMoved ? rows : before[key] };
  const names = Object.keys(after) as (keyof List)[];
  const isSame = (name: keyof List) => replaceEqualDeep(before[name], shared[name]) === before[name];
  return !isMoved && names.every(isSame) ? before : shared;
}
