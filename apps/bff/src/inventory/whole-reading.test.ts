import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CloudInstance, CloudProvider, ProjectMirror } from '../cloud/provider.ts';
import type { Sessions } from '../session/sessions.ts';
import { createInventory } from './inventory.ts';

const caller = { token: 'token', requestId: 'request' };
const asker = { idHash: 'session', project: { id: 'p', name: 'project' } };

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

/** An inventory of a project that is too long for one answer, and which readings of it were whole. */
function startInventory() {
  const rows = Array.from({ length: 1_500 }, (_, index) => ({
    id: `i${index}`,
    name: `n${index}`,
    networkInterfaces: [],
  }));
  const readings: boolean[] = [];
  let takes: () => Promise<void> = async () => {};
  const mirror: ProjectMirror & { mark: string | null } = {
    mark: null,
    instances: new Map(rows.map((row) => [row.id, row as unknown as CloudInstance])),
    publicIps: new Map(),
    async refresh(_caller, whole) {
      readings.push(whole);
      if (whole) await takes();
      const isFirst = mirror.mark === null;
      mirror.mark = 'mark';
      return isFirst ? null : { instances: { changed: [], gone: [] }, publicIps: { changed: [], gone: [] } };
    },
  };
  const cloud = { mirrorProject: () => mirror, glance: async () => 'mark' } as unknown as CloudProvider;
  const sessions = { resume: async () => ({ token: 'token' }) } as unknown as Sessions;
  const inventory = createInventory(cloud, sessions);
  return {
    readings,
    view: () => inventory.view(asker, caller),
    look: () => inventory.look('p', ['session']),
    invalidate: () => inventory.invalidate('p'),
    wholeTakes: (work: typeof takes) => {
      takes = work;
    },
  };
}

test('a project is read whole once a minute, when nobody has asked for a moment, and at last all the same', async () => {
  const { view, look, readings } = startInventory();
  await view();
  later(59_000);
  await look();
  later(2_000);
  await view();
  readings.length = 0;
  // somebody is at work
  await look();
  later(1_500);
  await look();
  expect(readings).toEqual([false, false]);
  later(1_000);
  await look();
  await look();
  expect(readings).toEqual([false, false, true, false]);

  later(61_000);
  readings.length = 0;
  for (let second = 0; second < 65; second += 1) {
    later(1_000);
    await view();
    await look();
  }
  expect(readings.filter((whole) => whole)).toHaveLength(1);
});

test('nobody waits for a whole reading while what was read before it is fresh', async () => {
  const { view, look, invalidate, readings, wholeTakes } = startInventory();
  await view();
  later(59_500);
  await look();
  later(2_500);
  let finish = () => {};
  wholeTakes(() => new Promise((resolve) => (finish = resolve)));
  const reading = look();
  await vi.waitFor(() => expect(readings.at(-1)).toBe(true));
  expect((await view()).instances()).toHaveLength(1_500);

  // but for what was done just now, and for what is not fresh any more
  invalidate();
  const after = view();
  const isLate = await Promise.race([
    after.then(() => false),
    new Promise((resolve) => setTimeout(resolve, 50, true)),
  ]);
  expect(isLate).toBe(true);
  finish();
  await reading;
  expect((await after).instances()).toHaveLength(1_500);
});
