import { apiPaths, type OwnSessionList } from '@moru/types';
import { queryOptions } from '@tanstack/react-query';
import { get, remove } from '../http/client.ts';

export const ownSessionsQuery = queryOptions({
  queryKey: ['own-sessions'],
  queryFn: ({ signal }) => get<OwnSessionList>(apiPaths.sessions, undefined, signal),
  refetchInterval: 30_000,
});

export function endOwnSession(id: string): Promise<void> {
  return remove(apiPaths.ownSession(id));
}

export function endAllSessions(): Promise<void> {
  return remove(apiPaths.sessions);
}
