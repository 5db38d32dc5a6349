import { apiPaths } from '@moru/types';
import { putWhenGoing } from '../../http/client.ts';
import { RequestError } from '../../http/request-error.ts';
import { beforeSignOut } from '../../session/before-sign-out.ts';
import { readOwnDraft, saveOwnDraft } from './draft-queries.ts';
import { isUnkept, saveOf, takeKept } from './kept.ts';
import { changeSession, forgetSessions, sessionOf, watchSessions } from './session-store.ts';

export type KeeperState = 'kept' | 'keeping' | 'failed';

// each edit by itself would be a request; longer, and a reload loses it
const restMs = 400;
const retryMs = 5_000;

/** Keeps the draft of one user and host in the console's store, for as long as the page lives. */
export interface Keeper {
  state(): KeeperState;
  subscribe(listener: () => void): () => void;
  /** another window saved: what is kept is read again */
  refresh(): Promise<void>;
  /** resolves when everything is kept; rejects with what prevents it */
  flush(): Promise<void>;
}

const keepers = new Map<string, Keeper & { going(): void; look(): void }>();

watchSessions(() => {
  for (const keeper of keepers.values()) keeper.look();
});
addEventListener('pagehide', () => {
  for (const keeper of keepers.values()) keeper.going();
});
beforeSignOut(async () => {
  await Promise.allSettled([...keepers.values()].map((keeper) => keeper.flush()));
  keepers.clear();
  forgetSessions();
});

export function keeperOf(key: string, instanceId: string): Keeper {
  const known = keepers.get(key);
  if (known) return known;
  const made = createKeeper(key, instanceId);
  keepers.set(key, made);
  return made;
}

function createKeeper(key: string, instanceId: string) {
  let state: KeeperState = 'kept';
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | null = null;
  const listeners = new Set<() => void>();

  const tell = (next: KeeperState) => {
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  };

  const refresh = async () => {
    const { draft } = await readOwnDraft(instanceId);
    const own = draft ?? { version: 0, revision: '', steps: [], next: 1, base: [], trial: null };
    changeSession(key, (session) => session && takeKept(session, own));
  };

  const saveOnce = async () => {
    const session = sessionOf(key);
    if (!session || !isUnkept(session)) return;
    const { steps } = session.draft;
    const save = saveOf(session);
    try {
      const { version } = await saveOwnDraft(instanceId, save);
      const kept = { version, revision: save.revision, steps };
      changeSession(key, (now) => now && { ...now, kept });
    } catch (error) {
      const code = error instanceof RequestError ? error.code : null;
      // another window was first, or nobody knows whether this one was: what is there decides
      if (code !== 'draft.changed' && code !== 'outcome.unknown') throw error;
      await refresh();
    }
  };

  // two windows that save by turns settle at once; more turns than this are somebody's fault
  const mostTurns = 5;

  const save = async () => {
    tell('keeping');
    for (let turn = 0; turn < mostTurns; turn += 1) {
      const session = sessionOf(key);
      if (!session || !isUnkept(session)) break;
      await saveOnce();
    }
  };

  const start = (): Promise<void> => {
    clearTimeout(timer);
    running ??= save().then(
      () => {
        running = null;
        tell('kept');
        look();
      },
      (error: unknown) => {
        running = null;
        tell('failed');
        timer = setTimeout(() => void start().catch(() => {}), retryMs);
        throw error;
      },
    );
    return running;
  };

  const look = () => {
    const session = sessionOf(key);
    if (running || !session || !isUnkept(session)) return;
    tell(state === 'failed' ? 'failed' : 'keeping');
    clearTimeout(timer);
    timer = setTimeout(() => void start().catch(() => {}), restMs);
  };

  return {
    state: () => state,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    refresh: () => refresh().catch(() => {}),
    async flush() {
      await running?.catch(() => {});
      await start();
    },
    look,
    going() {
      const session = sessionOf(key);
      if (session && isUnkept(session)) putWhenGoing(apiPaths.draft(instanceId), saveOf(session));
    },
  };
}
