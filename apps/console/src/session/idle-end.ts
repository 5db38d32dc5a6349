import { useSyncExternalStore } from 'react';

let endsAt: string | null = null;
const listeners = new Set<() => void>();

/** When the session ends for want of use, as the stream has announced it; null once it is used again. */
export function setIdleEnd(at: string | null): void {
  if (endsAt === at) return;
  endsAt = at;
  for (const listener of listeners) listener();
}

export function useIdleEnd(): string | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => endsAt,
  );
}
