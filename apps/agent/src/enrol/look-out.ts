import { type FSWatcher, watch } from 'node:fs';

export interface LookOut {
  close(): void;
}

/**
 * Where nothing tells of changes, and where something should: not every file system does, and a folder that was
 * replaced by another one does not any more.
 */
const betweenLooksMs = { untold: 1_000, told: 10_000 } as const;

/**
 * Looks whenever something changes in a folder, and now and then without a sign. `look` answers whether there is
 * something to keep an eye on: before that it is asked every second, which costs as much as all else that an idle agent
 * does.
 */
export function lookOut(folder: string, look: () => Promise<boolean>): LookOut {
  let watcher: FSWatcher | null = null;
  let timer: NodeJS.Timeout | null = null;
  let busy = false;
  let again = false;
  let closed = false;

  const follow = () => {
    if (watcher || closed) return;
    try {
      watcher = watch(folder, { persistent: false }, () => void run());
      watcher.once('error', () => {
        watcher = null;
      });
    } catch {
      // not there yet
    }
  };

  const run = async () => {
    if (closed) return;
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    if (timer) clearTimeout(timer);
    let found = false;
    do {
      again = false;
      follow();
      found = await look().catch(() => false);
    } while (again && !closed);
    busy = false;
    if (closed) return;
    timer = setTimeout(() => void run(), found && watcher ? betweenLooksMs.told : betweenLooksMs.untold);
  };

  void run();
  return {
    close: () => {
      closed = true;
      if (timer) clearTimeout(timer);
      watcher?.close();
    },
  };
}
