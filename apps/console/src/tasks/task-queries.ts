import { apiPaths, type Operation, type OperationList, type OperationQuery } from '@moru/types';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
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

// what one bulk order takes
const mostItems = 200;

/** The items of a bulk operation, read anew with each change of its own row. */
export function itemsQuery(parent: string, updatedAt: string) {
  return queryOptions({
    queryKey: ['operations', 'items', parent, updatedAt],
    queryFn: ({ signal }) => get<OperationList>(apiPaths.operations, { parent, limit: mostItems }, signal),
    placeholderData: keepPreviousData,
  });
}

export const decide = {
  continue: (id: string) => post<Operation>(apiPaths.operationContinue(id), {}),
  undo: (id: string) => post<Operation>(apiPaths.operationUndo(id), {}),
};
