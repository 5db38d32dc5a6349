import type { Store } from '../store/store.ts';

/** `table` and the columns are names of ours, never data. */
export function insert(store: Store, table: string, row: Record<string, string | number | null>): void {
  const columns = Object.keys(row);
  const places = columns.map(() => '?').join(', ');
  store.run(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`, ...Object.values(row));
}
