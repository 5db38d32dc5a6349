import { apiPaths, type CreateApiToken, type IssuedApiToken, type OwnSessionList } from '@moru/types';
import { queryOptions } from '@tanstack/react-query';
import { get, post, remove } from '../http/client.ts';

export const ownSessionsQuery = queryOptions({
  queryKey: ['own-sessions'],
  queryFn: ({ signal }) => get<OwnSessionList>(apiPaths.sessions, undefined, signal),
  refetchInterval: 30_000,
});

export function createApiToken(wanted: CreateApiToken): Promise<IssuedApiToken> {
  return post(apiPaths.apiTokens, wanted);
}

export function endOwnSession(id: string): Promise<void> {
  return remove(apiPaths.ownSession(id));
}

export function endAllSessions(): Promise<void> {
  return remove(apiPaths.sessions);
}
