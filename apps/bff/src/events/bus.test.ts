import { afterEach, expect, test, vi } from 'vitest';
import { openStore, type Store } from '../store/store.ts';
import { onEachStore, quiet } from '../testing/stores.ts';
import { createEventBus, type EventBus, type NewEvent, type StoredEvent } from './bus.ts';

// a busy machine is waited for
const soon = { timeout: 20_000 };

const event = (id: string, projectId = 'p'): NewEvent => ({
  projectId,
  event: { kind: 'instance', id, instance: null },
});

onEachStore(({ kind, place, open }) => {
  const buses: EventBus[] = [];
  afterEach(async () => {
    for (const bus of buses.splice(0)) await bus.close();
  });
  const start = async (store: Store) => {
    const bus = await createEventBus(store, quiet);
    buses.push(bus);
    const heard: StoredEvent[] = [];
    bus.subscribe((events) => heard.push(...events));
    return { bus, heard, ids: () => heard.map(({ id }) => id) };
  };

  test('events are heard once, in order, after their commit; those of a failed one never', async () => {
    const store = await open();
    const { bus, heard, ids } = await start(store);
    await bus.publish([event('a'), event('b')]);
    const failing = store.db.transaction().execute(async (transaction) => {
      await bus.publishIn(transaction, [event('never')]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await Promise.all(Array.from({ length: 50 }, (_, count) => bus.publish([event(`c${count}`)])));
    await vi.waitFor(() => expect(ids()).toEqual(Array.from({ length: 52 }, (_, index) => index + 1)), soon);
    expect(heard.map(({ data }) => data).join()).not.toContain('never');
    expect(JSON.parse(heard[0]?.data ?? '')).toEqual({ kind: 'instance', id: 'a', instance: null });
  });

  test('a stream goes on after what it has seen, of its own project', async () => {
    const { bus } = await start(await open());
    await bus.publish([event('a'), event('x', 'q'), event('b')]);
    const since = async (id: number) => (await bus.since('p', id, 100))?.map((each) => each.id);
    expect(await since(0)).toEqual([1, 3]);
    expect(await since(1)).toEqual([3]);
    expect(await since(3)).toEqual([]);
    expect(await since(4)).toBeUndefined();
  });

  test('what was removed is not told as if it were all', async () => {
    const store = await open();
    const { bus } = await start(store);
    await bus.publish(Array.from({ length: 2_500 }, (_, count) => event(`e${count}`)));
    const since = (id: number) => bus.since('p', id, 2_000);
    expect(await since(0)).toHaveLength(2_000);
    expect(await since(2_000)).toHaveLength(500);
    await store.db.deleteFrom('event').where('id', '<=', 2_400).execute();
    expect(await since(2_399)).toBeNull();
    expect(await since(2_400)).toHaveLength(100);
    await store.db.deleteFrom('event').execute();
    expect(await since(2_499)).toBeNull();
    expect(await since(2_500)).toEqual([]);
  });

  if (kind !== 'postgresql') return;

  test('replicas hear each other’s events at once, in one order, and none is missed', async () => {
    const where = await place();
    const stores = [await openStore(where, quiet), await openStore(where, quiet)];
    const replicas = await Promise.all(stores.map(start));
    const began = performance.now();
    await replicas[0]?.bus.publish([event('first')]);
    await vi.waitFor(() => expect(replicas[1]?.ids()).toEqual([1]), { interval: 5 });
    // by notice, not by the look every three seconds
    expect(performance.now() - began).toBeLessThan(2_500);
    await Promise.all(
      Array.from({ length: 200 }, (_, count) => replicas[count % 2]?.bus.publish([event(`e${count}`)])),
    );
    const all = Array.from({ length: 201 }, (_, index) => index + 1);
    for (const { ids } of replicas) await vi.waitFor(() => expect(ids()).toEqual(all), { timeout: 10_000 });
    for (const bus of buses.splice(0)) await bus.close();
    for (const store of stores) await store.close();
  }, 20_000);
});
