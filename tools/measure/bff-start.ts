import { makeBffHome } from '@moru/bff/testing/bff-process';
import { startEmbeddedCloud } from '@moru/bff/testing/embedded-cloud';
import { type Figure, median } from './figures.ts';

/** From the command to the line that says that it listens, on a store that is there, with the compiler's cache. */
export const coldStart: Figure = {
  name: 'bff.coldStart.ms',
  unit: 'ms',
  limit: 1_500,
  runs: 9,
  async measure(runs) {
    const cloud = await startEmbeddedCloud();
    const home = await makeBffHome(cloud, { NODE_ENV: 'production' });
    try {
      // makes the store
      await (await home.start()).kill();
      const times: number[] = [];
      for (let run = 0; run < runs; run += 1) {
        const began = performance.now();
        const bff = await home.start();
        times.push(performance.now() - began);
        await bff.kill();
      }
      return median(times);
    } finally {
      await home.remove();
      await cloud.stop();
    }
  },
};
