import type { FirewallState, Instance, OffRule } from '@moru/types';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { draftsQuery, readOwnDraft } from './draft-queries.ts';
import { type KeeperState, keeperOf } from './keeper.ts';
import { openKept } from './kept.ts';
import { openSession, readAgain, type Session } from './session.ts';
import { changeSession, useSession } from './session-store.ts';

const nothingOff: OffRule[] = [];

/**
 * The draft of this user and host, as it was kept, on what the host has now. Undefined until it is known what is kept;
 * where that cannot be read one begins without, and finds what is kept with the first save.
 */
export function useKeptDraft(
  key: string,
  instance: Instance,
  state: FirewallState,
  mayKeep: boolean,
): Session | undefined {
  const session = useSession(key);
  const drafts = useQuery(draftsQuery(instance.id));
  const own = useQuery({
    queryKey: ['draft', instance.id, key],
    queryFn: () => readOwnDraft(instance.id),
    enabled: mayKeep && session === undefined,
    // what a session begins with is read for it, never an earlier one
    staleTime: 0,
    gcTime: 0,
  });
  const known = !drafts.isPending && (!mayKeep || !own.isPending);
  const off = drafts.data?.off ?? nothingOff;
  const kept = own.data?.draft ?? null;
  useEffect(() => {
    changeSession(key, (held) => {
      if (held) return readAgain(held, state, off);
      if (!known) return undefined;
      return kept ? openKept(state, off, kept) : openSession(state, off);
    });
  }, [key, state, off, known, kept]);

  const version = drafts.data?.version ?? 0;
  const isBehind = session !== undefined && session.trying === null && version > session.kept.version;
  useEffect(() => {
    if (isBehind) void keeperOf(key, instance.id).refresh();
  }, [isBehind, key, instance.id]);
  return session;
}

/** Whether everything of the draft is kept. */
export function useKeeperState(key: string, instanceId: string): KeeperState {
  const keeper = useMemo(() => keeperOf(key, instanceId), [key, instanceId]);
  return useSyncExternalStore(keeper.subscribe, keeper.state);
}
