import {
  CancelledError,
  type FetchQueryOptions,
  type QueryClient,
  type QueryKey,
} from '@tanstack/react-query';

// each time something else had the request given up: a page that was left, or another one that reads anew
const mostReads = 3;

/**
 * Has a query answered by a request of now: one that is under way may have been answered before what just happened. Where
 * a request is given up the library answers with what it had before, which is never taken for an answer here. Throws
 * CancelledError when that happens three times.
 */
export async function readAnew<Data, Key extends QueryKey>(
  queries: QueryClient,
  options: FetchQueryOptions<Data, Error, Data, Key>,
): Promise<Data> {
  const { queryKey } = options;
  const answers = () => queries.getQueryState(queryKey)?.dataUpdateCount ?? 0;
  for (let reads = 0; reads < mostReads; reads += 1) {
    await queries.cancelQueries({ queryKey, exact: true });
    const before = answers();
    try {
      const read = await queries.fetchQuery({ ...options, staleTime: 0 });
      if (answers() > before) return read;
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error;
    }
  }
  throw new CancelledError();
}
