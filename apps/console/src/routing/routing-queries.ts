import { apiPaths, type ChangeChecked, type RouteEdit, type RoutingState } from '@moru/types';
import { queryOptions } from '@tanstack/react-query';
import { askAgainMs } from '../http/away.ts';
import { get, post } from '../http/client.ts';

// the host tells of routes that change; this is for one that cannot, and costs it several programs each time
const calmMs = 10_000;

export function routingQuery(instanceId: string) {
  return queryOptions({
    queryKey: ['routing', instanceId],
    queryFn: ({ signal }) => get<RoutingState>(apiPaths.routing(instanceId), undefined, signal),
    refetchInterval: (query) => (query.state.error ? askAgainMs(query.state.error) : calmMs),
  });
}

export interface RoutesQuestion {
  /** of the routes that the edits were made for */
  revision: string;
  edits: RouteEdit[];
  /** where the administrator's SSH comes from; undefined: as the console sees this browser */
  administrator: string | null | undefined;
}

/** What edits would do to the host and to whom, told by the host; nothing is changed. */
export function routesCheckQuery(instanceId: string, { revision, edits, administrator }: RoutesQuestion) {
  return queryOptions({
    queryKey: ['routes-check', instanceId, revision, edits, administrator ?? null],
    queryFn: ({ signal }) =>
      post<ChangeChecked>(
        apiPaths.changeCheck(instanceId),
        { routes: { revision, edits }, ...(administrator === undefined ? {} : { administrator }) },
        signal,
      ),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}
