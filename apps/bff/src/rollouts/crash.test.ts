import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedCloud, startEmbeddedCloud } from '../testing/embedded-cloud.ts';
import { makeRolloutGround, type RolloutGround } from '../testing/rollout-sagas.ts';

/** All places are met by `npm run chaos`. */
const failpoints = ['begun', '0.made', '1.marked', '2.made'];

let cloud: EmbeddedCloud;
let ground: RolloutGround;
beforeAll(async () => {
  cloud = await startEmbeddedCloud({ MORU_CLOUD_FLEET: '8' });
  ground = await makeRolloutGround(cloud);
}, 60_000);
afterAll(async () => {
  await ground.close();
  await cloud.stop();
});

test('F1: killed at any step, a roll-out goes on: every host gets its rules once, and has one outcome', async () => {
  for (const failpoint of failpoints) {
    expect(await ground.interrupt(failpoint)).toMatchObject({
      ...{ failpoint, operation: { state: 'succeeded' }, done: true, doubled: false },
      phases: ['succeeded', 'intent'],
    });
  }
}, 240_000);
