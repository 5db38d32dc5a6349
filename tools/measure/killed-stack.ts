import { machineState, remaining, type Traces, tracesOf } from '@moru/stack/testing/machine-state';
import type { Figure } from './figures.ts';
import { npmStart, removeInstallation } from './npm-start.ts';

const name = `chaos-${process.pid}`;
const goneMs = 10_000;

/** Share of SIGKILLs of the whole installation after which nothing of it is left and the next start works. */
export const killedStack: Figure = {
  name: 'stack.killed.recovered',
  unit: 'share',
  limit: 1,
  atLeast: true,
  runs: 10,
  async measure(runs) {
    let recovered = 0;
    const before = await machineState();
    try {
      for (let run = 0; run < runs; run += 1) {
        const started = await npmStart(name);
        const traces = tracesOf(started.stackPid);
        process.kill(started.stackPid, 'SIGKILL');
        if ((await allGone(traces)) && (await machineState()) === before) recovered += 1;
      }
      await (await npmStart(name)).stop();
      return recovered / runs;
    } finally {
      removeInstallation(name);
    }
  },
};

async function allGone(traces: Traces): Promise<boolean> {
  for (const end = performance.now() + goneMs; performance.now() < end; ) {
    const left = remaining(traces);
    if (left.pids.length === 0 && left.networks.length === 0) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
