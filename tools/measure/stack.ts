import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { processTree } from '@moru/stack/testing/machine-state';
import { signIn } from '@moru/stack/testing/sign-in';
import { type Figure, median } from './figures.ts';
import { npmStart, removeInstallation } from './npm-start.ts';

const name = `bench-${process.pid}`;

/** `npm start` from the command to the printed address, everything being installed and built. */
export const warmStart: Figure = {
  name: 'stack.warmStart.seconds',
  unit: 's',
  limit: 10,
  runs: 3,
  async measure(runs) {
    try {
      await (await npmStart(name)).stop(); // the first start also makes data and caches
      const seconds: number[] = [];
      for (let run = 0; run < runs; run += 1) {
        const started = await npmStart(name);
        seconds.push(started.seconds);
        await started.stop();
      }
      return median(seconds);
    } finally {
      removeInstallation(name);
    }
  },
};

const newcomer = fileURLToPath(new URL('../../packages/flows/src/bench/first-address.ts', import.meta.url));

/**
 * From opening the README to an address that answers from the internet, in a fresh clone, with the pauses of somebody who
 * reads each screen for the first time; what Debian has to bring is there already.
 */
export const firstAddress: Figure = {
  name: 'stack.firstAddress.seconds',
  unit: 's',
  limit: 120,
  runs: 1,
  async measure(runs) {
    const seconds = Array.from({ length: runs }, () =>
      Number(execFileSync(process.execPath, [newcomer], { encoding: 'utf8' })),
    );
    return median(seconds);
  },
};

/** Proportional set size of every process of an installation with its seeded hosts, ready and signed in to. */
export const stackMemory: Figure = {
  name: 'stack.memory.MiB',
  unit: 'MiB',
  limit: 1_024,
  runs: 1,
  async measure() {
    try {
      const started = await npmStart(name);
      try {
        await openList(started.url);
        return await settledMemory(started.stackPid);
      } finally {
        await started.stop();
      }
    } finally {
      removeInstallation(name);
    }
  },
};

/** Resolves when somebody is signed in and every running host has told its rules. */
async function openList(url: string): Promise<void> {
  const session = await signIn(url, 'admin');
  for (const end = performance.now() + watchMs; performance.now() < end; ) {
    const { instances } = (await session.get('/api/instances')) as { instances: Row[] };
    const running = instances.filter(({ status }) => status === 'active');
    if (running.length > 0 && running.every(({ firewall }) => firewall.agent === 'connected')) return;
    await new Promise((resolve) => setTimeout(resolve, stepMs));
  }
  throw new Error('the hosts’ agents did not answer');
}

interface Row {
  status: string;
  firewall: { agent: string };
}

const watchMs = 15_000;
const stepMs = 500;

/** The largest sum seen while the hosts finish booting. */
async function settledMemory(pid: number): Promise<number> {
  let most = 0;
  for (const end = performance.now() + watchMs; performance.now() < end; ) {
    most = Math.max(most, processTree(pid).reduce((sum, id) => sum + proportionalKiB(id), 0) / 1_024);
    await new Promise((resolve) => setTimeout(resolve, stepMs));
  }
  return most;
}

/** Pss of proc_pid_smaps_rollup(5): shared pages are counted once over all processes. */
function proportionalKiB(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0; // the process ended, or is the kernel's
  }
}
