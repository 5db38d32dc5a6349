import { useSyncExternalStore } from 'react';
import type { Session } from './session.ts';

/**
 * The drafts of this browser tab, by user and instance: they outlive the screens that show them, so that going from
 * the rules to the review and back loses nothing.
 */
const sessions = new Map<string, Session>();
const listeners = new Set<() => void>();

/** Calls whenever a draft of this tab is another one. */
export function watchSessions(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function sessionKey(userId: string, instanceId: string): string {
  return `${userId} ${instanceId}`;
}

export function sessionOf(key: string): Session | undefined {
  return sessions.get(key);
}

export function useSession(key: string): Session | undefined {
  return useSyncExternalStore(watchSessions, () => sessions.get(key));
}

/** `change` gets what is there now and answers what is to be there; undefined leaves nothing. */
export function changeSession(
  key: string,
  change: (session: Session | undefined) => Session | undefined,
): void {
  const before = sessions.get(key);
  const after = change(before);
  if (after === before) return;
  if (after) sessions.set(key, after);
  else sessions.delete(key);
  for (const listener of listeners) listener();
}

/** Somebody signs out: nothing of theirs stays in the page. */
export function forgetSessions(): void {
  if (sessions.size === 0) return;
  sessions.clear();
  for (const listener of listeners) listener();
}
