import { makeBffHome } from '@moru/bff/testing/bff-process';
import { startEmbeddedCloud } from '@moru/bff/testing/embedded-cloud';
import { makeRolloutGround, rolloutFailpoints } from '@moru/bff/testing/rollout-sagas';
import { clearDatabase, interrupt, type Survival, sagaFailpoints, sagaKinds } from '@moru/bff/testing/sagas';
import type { Figure } from './figures.ts';

/** Two installations at once: most of a run is the start of a process. */
const lanes = 2;

/** Kills at every place of every operation in turn, `runs` times. */
async function interruptAll(runs: number): Promise<Survival[]> {
  const perLane = Array.from({ length: lanes }, (_, lane) => interruptLane(Math.ceil(runs / lanes), lane));
  return (await Promise.all(perLane)).flat();
}

async function interruptLane(runs: number, lane: number): Promise<Survival[]> {
  const cloud = await startEmbeddedCloud({ MORU_CLOUD_FLEET: '8' });
  const home = await makeBffHome(cloud);
  const met: Survival[] = [];
  try {
    let running = await home.start();
    const browser = running.browser();
    await browser.signIn('admin');
    await clearDatabase(browser);
    const rollouts = await makeRolloutGround(cloud);
    for (let life = lane; met.length < runs; life += lanes) {
      for (const kind of sagaKinds) {
        const places = sagaFailpoints(kind);
        const place = places[life % places.length] ?? 'begun';
        const result = await interrupt(home, running, browser.cookie, kind, place);
        running = result.running;
        met.push(told(result.survival));
      }
      const place = rolloutFailpoints[life % rolloutFailpoints.length] ?? 'begun';
      met.push(told(await rollouts.interrupt(place)));
    }
    await running.kill();
    await rollouts.close();
    return met;
  } finally {
    await home.remove();
    await cloud.stop();
  }
}

function told(survival: Survival): Survival {
  const { kind, failpoint, operation, done, doubled, phases } = survival;
  if (!done || doubled) console.log(`  ${kind} at ${failpoint}: ${operation.state}, ${phases.join(' ')}`);
  return survival;
}

let interrupted: Promise<Survival[]> | undefined;
const interruptOnce = (runs: number) => {
  interrupted ??= interruptAll(runs);
  return interrupted;
};

const isWhole = ({ operation, done, phases }: Survival) =>
  done && operation.state === 'succeeded' && phases.join() === 'succeeded,intent';

/** Operations that were killed and of which the world, the list or the audit log does not show the end. */
export const sagasLost: Figure = {
  name: 'bff.saga.lost',
  unit: 'runs',
  limit: 0,
  runs: 200,
  measure: async (runs) => (await interruptOnce(runs)).filter((each) => !isWhole(each)).length,
};

/** Those that left an address too many, or changed a host twice. */
export const sagasDoubled: Figure = {
  name: 'bff.saga.doubled',
  unit: 'runs',
  limit: 0,
  runs: 200,
  measure: async (runs) => (await interruptOnce(runs)).filter(({ doubled }) => doubled).length,
};
