import type { Instance, Operation } from '@moru/types';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type BffHome, makeBffHome } from '../testing/bff-process.ts';
import type { Browser } from '../testing/browser.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import { instanceNamed, interfacePath, publicIps } from '../testing/instances.ts';

let cloud: EmbeddedCloud;
let home: BffHome;
beforeAll(async () => {
  cloud = await startEmbeddedCloud();
  home = await makeBffHome(cloud);
});
afterAll(async () => {
  await home.remove();
  await cloud.stop();
});

const held = (instance: Instance) => instance.networkInterfaces[0]?.publicIp ?? null;
const nic = (instance: Instance) => instance.networkInterfaces[0]?.id ?? '';

/** What a person does, and what the world must look like once it is done: addresses on web-01 and db-01, and how many. */
const kinds = {
  connect: async (admin: Browser, web: Instance) => {
    const count = (await publicIps(admin)).length;
    return {
      ask: () => admin.post(interfacePath(web), { mode: 'new' }),
      holds: async (after: Browser) =>
        held(await instanceNamed(after, 'web-01'))?.status === 'in_use' &&
        (await publicIps(after)).length === count + 1,
    };
  },
  move: async (admin: Browser, web: Instance, database: Instance) => {
    const count = (await publicIps(admin)).length;
    const ip = held(web);
    return {
      ask: () =>
        admin.post(interfacePath(database), {
          mode: 'move',
          publicIpId: ip?.id,
          fromNetworkInterfaceId: nic(web),
        }),
      holds: async (after: Browser) =>
        held(await instanceNamed(after, 'web-01')) === null &&
        held(await instanceNamed(after, 'db-01'))?.id === ip?.id &&
        (await publicIps(after)).length === count,
    };
  },
  disconnect: async (admin: Browser, _web: Instance, database: Instance) => {
    const count = (await publicIps(admin)).length;
    const ip = held(database);
    return {
      ask: () => admin.delete(interfacePath(database), { publicIpId: ip?.id, deletePublicIp: true }),
      holds: async (after: Browser) =>
        held(await instanceNamed(after, 'db-01')) === null && (await publicIps(after)).length === count - 1,
    };
  },
};

/** One life of an address: made for web-01, moved to db-01, given back. Each ends where the next begins. */
const lives = [
  { connect: '0.marked', move: '0.made', disconnect: '0.made' },
  { connect: '0.made', move: '1.marked', disconnect: '0.kept' },
  { connect: 'begun', move: '1.made', disconnect: '1.made' },
] as const;

test('F1, F11, F12: killed at any step, an operation goes on: nothing is lost, nothing is done twice', async () => {
  let running = await home.start();
  let browser = running.browser();
  await browser.signIn('admin');
  const database = await instanceNamed(browser, 'db-01');
  const first = { publicIpId: held(database)?.id, deletePublicIp: true };
  expect((await browser.delete(interfacePath(database), first)).status).toBe(200);

  for (const life of lives) {
    for (const kind of ['connect', 'move', 'disconnect'] as const) {
      const place = `${kind} at ${life[kind]}`;
      await running.kill();
      const doomed = await home.start({ MORU_BFF_TESTING: '1', MORU_BFF_FAILPOINT: life[kind] });
      browser = doomed.browser(browser.cookie);
      const [web, db] = [await instanceNamed(browser, 'web-01'), await instanceNamed(browser, 'db-01')];
      const { ask, holds } = await kinds[kind](browser, web, db);
      await expect(ask(), place).rejects.toThrow();
      expect(await doomed.ended, place).toBe('SIGKILL');

      running = await home.start();
      browser = running.browser(browser.cookie);
      const last = async (): Promise<Operation> =>
        (await browser.get('/api/operations?limit=1')).body.operations[0];
      await vi.waitFor(async () => expect((await last()).state, place).toBe('succeeded'), {
        timeout: 15_000,
      });
      expect(await holds(browser), place).toBe(true);
      const { records } = (await browser.get('/api/audit?limit=2&action=publicIp.')).body;
      expect(
        records.map(({ phase }: { phase: string }) => phase),
        place,
      ).toEqual(['succeeded', 'intent']);
      expect(records[0].operationId, place).toBe((await last()).id);
    }
  }
  await running.kill();
}, 180_000);
