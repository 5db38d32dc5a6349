import type { Backend } from '../../testing/real-tool.ts';
import { compareSet, newTally, type Tally } from './compare.ts';
import { TestKernel } from './kernel.ts';
import { kindOf, type MachineKind } from './make-set.ts';

export interface RunOptions {
  backend: Backend;
  /** the first set's; the others follow by one */
  seed: number;
  ruleSets: number;
  packets: number;
  /** told after every set */
  progress?: (done: number, tally: Tally) => void;
}

const kinds: readonly MachineKind[] = ['plain', 'mangle', 'nat'];

/** Compares model and kernel over many rule sets, on one machine for each kind of set, side by side. */
export async function runDifferential({
  backend,
  seed,
  ruleSets,
  packets,
  progress,
}: RunOptions): Promise<Tally> {
  const tally = newTally();
  let done = 0;
  const runKind = async (kind: MachineKind): Promise<void> => {
    const kernel = await TestKernel.start();
    try {
      for (let each = seed; each < seed + ruleSets; each++) {
        if (kindOf(each) !== kind) continue;
        await compareSet(kernel, backend, each, packets, tally);
        progress?.(++done, tally);
      }
    } finally {
      await kernel.stop();
    }
  };
  const ends = await Promise.allSettled(kinds.map(runKind));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return tally;
}
