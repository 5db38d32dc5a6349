import { type ApiDescription, type ApiOperation, apiPaths } from '@moru/types';
import { queryOptions } from '@tanstack/react-query';
import { get } from '../http/client.ts';
import { textOf } from '../http/list-search.ts';

/** The page's state in its address; what is not understood is left out. */
export interface ReferenceSearch {
  q?: string;
  /** name of the operation that is unfolded */
  open?: string;
}

export function referenceSearch(search: Record<string, unknown>): ReferenceSearch {
  const { open } = search;
  return { ...textOf(search.q), ...(typeof open === 'string' ? { open: open.slice(0, 200) } : {}) };
}

/** It changes with the release alone. */
export const referenceQuery = queryOptions({
  queryKey: ['reference'],
  queryFn: ({ signal }) => get<ApiDescription>(apiPaths.openApi, undefined, signal),
  staleTime: Number.POSITIVE_INFINITY,
});

export interface Described {
  method: string;
  path: string;
  operation: ApiOperation;
}

/** Operations that contain the text, by the first part of their path. */
export function groupsOf(description: ApiDescription, q = ''): [string, Described[]][] {
  const groups = new Map<string, Described[]>();
  const text = q.trim().toLowerCase();
  for (const [path, methods] of Object.entries(description.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const action = String(operation['x-action'] ?? '');
      if (!`${method} ${path} ${action}`.toLowerCase().includes(text)) continue;
      const [tag = ''] = operation.tags;
      groups.set(tag, [...(groups.get(tag) ?? []), { method, path, operation }]);
    }
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b));
}
