import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BffHome, makeBffHome } from '../testing/bff-process.ts';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import { clearDatabase, interrupt, sagaKinds } from '../testing/sagas.ts';

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

/** All places are met by `npm run chaos`. */
const lives = [
  { connect: '0.marked', move: '0.made', disconnect: '0.made' },
  { connect: '0.made', move: '1.marked', disconnect: '0.kept' },
  { connect: 'begun', move: '1.made', disconnect: '1.made' },
] as const;

test('F1, F11, F12: killed at any step, an operation goes on: nothing is lost, nothing is done twice', async () => {
  let running = await home.start();
  const browser = running.browser();
  await browser.signIn('admin');
  await clearDatabase(browser);
  for (const life of lives) {
    for (const kind of sagaKinds) {
      const met = await interrupt(home, running, browser.cookie, kind, life[kind]);
      running = met.running;
      expect(met.survival).toMatchObject({
        operation: { state: 'succeeded' },
        done: true,
        doubled: false,
        phases: ['succeeded', 'intent'],
      });
    }
  }
  await running.kill();
}, 180_000);
