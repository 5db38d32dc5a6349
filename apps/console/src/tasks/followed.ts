import { useSyncExternalStore } from 'react';
import type { Order } from '../instances/lifecycle/lifecycle-requests.ts';

/** An order of this tab whose end is waited for. */
export interface Followed {
  instanceId: string;
  name: string;
  order: Order;
  since: string;
}

let followed: readonly Followed[] = [];
const listeners = new Set<() => void>();

function set(next: readonly Followed[]): void {
  followed = next;
  for (const listener of listeners) listener();
}

export function beginFollowing(task: Followed): void {
  set([...followed.filter(({ instanceId }) => instanceId !== task.instanceId), task]);
}

export function endFollowing(task: Followed): void {
  set(followed.filter((other) => other !== task));
}

export function useFollowed(): readonly Followed[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => followed,
  );
}
