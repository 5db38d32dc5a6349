import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { createLogger } from '../log.ts';
import { openStore, type Store, type StorePlace } from '../store/store.ts';
import { hasPostgres, startPostgres, type TestPostgres } from './postgres.ts';

export interface StoreGround {
  kind: Store['kind'];
  /** a fresh place for a store, removed with the others at the end */
  place(): Promise<StorePlace>;
  /** opens a fresh store, which is closed at the end */
  open(): Promise<Store>;
}

export const quiet = createLogger({ write: () => undefined });

/** Runs the same tests on both databases. Where PostgreSQL is not to be had its half is skipped by name. */
export function onEachStore(tests: (ground: StoreGround) => void): void {
  describe('SQLite', () => {
    const folders: string[] = [];
    afterAll(async () => {
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    });
    tests(
      ground('sqlite', async () => {
        const folder = await mkdtemp(join(tmpdir(), 'moru-bff-store-'));
        folders.push(folder);
        return { kind: 'sqlite', folder };
      }),
    );
  });

  describe.skipIf(!hasPostgres)('PostgreSQL', () => {
    let server: TestPostgres;
    beforeAll(async () => {
      server = await startPostgres();
    }, 60_000);
    afterAll(() => server?.stop());
    tests(ground('postgresql', async () => ({ kind: 'postgresql', url: await server.createDatabase() })));
  });
}

/** Registered before the server's own end, so that stores are closed first. */
function ground(kind: Store['kind'], place: StoreGround['place']): StoreGround {
  const stores: Store[] = [];
  afterAll(async () => {
    for (const store of stores) await store.close();
  });
  return {
    kind,
    place,
    async open() {
      const store = await openStore(await place(), quiet);
      stores.push(store);
      return store;
    },
  };
}
