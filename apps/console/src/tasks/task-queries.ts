import { apiPaths, type Operation, type OperationList, type OperationQuery } from '@moru/types';
import { queryOptions } from '@tanstack/react-query';
import { get, post } from '../http/client.ts';

// events tell of each step; this is for a browser that hears none
const calmMs = 15_000;

/** What is under way or wants somebody's decision, for the count in the top bar. */
export const openOperationsQuery = operationsQuery({ open: true, limit: 50 });

export function operationsQuery(query: Pick<OperationQuery, 'open' | 'limit' | 'offset'>) {
  const params = { ...query, ...(query.open === undefined ? {} : { open: String(query.open) }) };
  return queryOptions({
    queryKey: ['operations', params],
    queryFn: ({ signal }) => get<OperationList>(apiPaths.operations, params, signal),
    refetchInterval: calmMs,
  });
}

export const decide = {
  continue: (id: string) => post<Operation>(apiPaths.operationContinue(id), {}),
  undo: (id: string) => post<Operation>(apiPaths.operationUndo(id), {}),
};
