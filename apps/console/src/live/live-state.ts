import { useSyncExternalStore } from 'react';

let lostSince: string | null = null;
const listeners = new Set<() => void>();

/** Null while changes arrive by themselves; else since when they do not. */
export function setLost(since: string | null): void {
  if (lostSince === since) return;
  lostSince = since;
  for (const listener of listeners) listener();
}

export function useLostSince(): string | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => lostSince,
  );
}
