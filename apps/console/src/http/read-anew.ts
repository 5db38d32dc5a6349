import type { FetchQueryOptions, QueryClient, QueryKey } from '@tanstack/react-query';

/** Has a query answered by a request of now: one that is under way may have been answered before what just happened. */
export async function readAnew<Data, Key extends QueryKey>(
  queries: QueryClient,
  options: FetchQueryOptions<Data, Error, Data, Key>,
): Promise<Data> {
  await queries.cancelQueries({ queryKey: options.queryKey, exact: true });
  return queries.fetchQuery({ ...options, staleTime: 0 });
}
