import { useSyncExternalStore } from 'react';

/** `irrevocable`: something waits that cannot be taken back; `ending`: the session is to go on. */
export type ProofReason = 'irrevocable' | 'ending';

interface Asked {
  reason: ProofReason;
  answer(proven: boolean): void;
}

let asked: Asked | null = null;
let answered: Promise<boolean> = Promise.resolve(false);
const listeners = new Set<() => void>();

function set(value: Asked | null): void {
  asked = value;
  for (const listener of listeners) listener();
}

/** Asks whoever sits here for their key; false when they would rather not. Several that ask at once share one answer. */
export function askForProof(reason: ProofReason): Promise<boolean> {
  if (!asked) {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    answered = promise;
    set({ reason, answer: resolve });
  }
  return answered;
}

export function answerProof(proven: boolean): void {
  asked?.answer(proven);
  set(null);
}

/** Null while nothing is asked. */
export function useProofAsked(): ProofReason | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => asked?.reason ?? null,
  );
}
