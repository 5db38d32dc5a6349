import { useSyncExternalStore } from 'react';

export interface ToastMessage {
  tone?: 'good' | 'bad' | 'changing';
  title: string;
  detail?: string;
  /** an address or a command, shown as such */
  code?: string;
  /** a later message of the same topic takes this one's place */
  topic?: string;
}

type Show = (message: ToastMessage) => void;

// the region that draws toasts is loaded with the first one; until then they wait here
const waiting: ToastMessage[] = [];
const listeners = new Set<() => void>();
let show: Show | null = null;
let wanted = false;

/** Says the outcome of something that was asked for: read out by assistive technology, gone by itself. */
export function showToast(message: ToastMessage): void {
  if (show) {
    show(message);
    return;
  }
  waiting.push(message);
  wanted = true;
  for (const listener of listeners) listener();
}

/** Called by the region once it is there. */
export function connectToasts(region: Show): void {
  show = region;
  for (const message of waiting.splice(0)) region(message);
}

export function useToastsWanted(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => wanted,
  );
}
