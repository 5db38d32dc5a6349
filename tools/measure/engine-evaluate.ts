import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Figure } from './figures.ts';

/** A process of its own for each: what the compiler has seen of other rule sets would count otherwise. */
async function perSecond(task: 'short' | 'long', runs: number): Promise<number> {
  const script = fileURLToPath(new URL('./engine-evaluate-process.ts', import.meta.url));
  const output = execFileSync(process.execPath, [script, task, String(runs)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return Number(output);
}

/** Packets through 20 rules a second, with the path of each read. */
export const evaluateShort: Figure = {
  name: 'engine.evaluate20.perSecond',
  unit: 'packets/s',
  limit: 4_000_000,
  atLeast: true,
  runs: 25,
  measure: (runs) => perSecond('short', runs),
};

/** Packets through 5,000 rules of which the last decides; of the slower of two kinds of sets. */
export const evaluateLong: Figure = {
  name: 'engine.evaluate5k.perSecond',
  unit: 'packets/s',
  limit: 100_000,
  atLeast: true,
  runs: 25,
  measure: (runs) => perSecond('long', runs),
};
