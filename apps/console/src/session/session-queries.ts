import { apiPaths, type Installation, type Session, type SignIn } from '@moru/types';
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { get, post, remove } from '../http/client.ts';
import { clearSessionEnd } from './session-end.ts';

// what does not belong to a user
const kept = ['session', 'installation'];

/** Null while nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<Session | null> => {
    const session = await get<Session | null>(apiPaths.session);
    if (session === null) clearSessionEnd();
    return session;
  },
  staleTime: Number.POSITIVE_INFINITY,
});

export const installationQuery = queryOptions({
  queryKey: ['installation'],
  queryFn: () => get<Installation>(apiPaths.installation),
  staleTime: Number.POSITIVE_INFINITY,
});

export async function signIn(body: SignIn): Promise<Session> {
  const session = await post<Session>(apiPaths.session, body);
  clearSessionEnd();
  return session;
}

/** The key of whoever is signed in, once more. */
export function proveKey(body: SignIn): Promise<Session> {
  return post<Session>(apiPaths.sessionProof, body);
}

export function signOut(): Promise<void> {
  return remove(apiPaths.session);
}

/** Drops everything that was read for the previous user; `session` is who is signed in now. */
export function forgetSession(queries: QueryClient, session: Session | null): void {
  queries.removeQueries({ predicate: (query) => !kept.includes(String(query.queryKey[0])) });
  queries.setQueryData(sessionQuery.queryKey, session);
}
