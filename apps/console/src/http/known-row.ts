import type { QueryClient, QueryKey } from '@tanstack/react-query';

type Lists = Record<string, unknown>;

/**
 * Puts what is known of a row by now into every list that shows it, so that none shows an old one until it is read
 * again, nor offers what is no longer possible; null takes it out. `at` is where the lists' keys begin, `name` what
 * holds the rows in each.
 */
export function showRow<Row extends { id: string }>(
  queries: QueryClient,
  at: QueryKey,
  name: string,
  id: string,
  change: (before: Row) => Row | null,
): void {
  queries.setQueriesData<Lists>({ queryKey: at }, (list) => {
    const rows = list?.[name] as readonly Row[] | undefined;
    // what is no list, or does not show it, stays as it is
    if (!rows?.some((row) => row.id === id)) return undefined;
    return { ...list, [name]: rows.flatMap((row) => (row.id === id ? (change(row) ?? []) : row)) };
  });
}
