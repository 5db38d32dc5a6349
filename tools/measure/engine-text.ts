import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Taken, withstand } from '@moru/netfilter/testing/withstand';
import { mixedFile, uniformFile } from './engine-files.ts';
import type { Figure } from './figures.ts';

/** A process of its own for each file: neither the heap nor what the compiler has seen is that of other figures. */
function inProcess(task: 'ratio' | 'memory', text: string, runs: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'engine-text-'));
  try {
    const file = join(folder, 'rules');
    writeFileSync(file, text);
    const script = fileURLToPath(new URL('./engine-text-process.ts', import.meta.url));
    const args = [...(task === 'memory' ? ['--expose-gc'] : []), script, task, file, String(runs)];
    return Number(
      execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const ratio = (name: string, makeFile: () => string): Figure => ({
  name,
  unit: 'ratio',
  limit: 1,
  runs: 9,
  measure: async (runs) => inProcess('ratio', makeFile(), runs),
});

/** Reading and printing 50,000 rules against `iptables-legacy-restore --test` of the same file. */
export const parsePrint: Figure = ratio('engine.parsePrint50k.ratioToRestoreTest', uniformFile);

/** Likewise with 20 kinds of matches, comments and counters. */
export const parsePrintMixed: Figure = ratio('engine.parsePrint50kMixed.ratioToRestoreTest', mixedFile);

/** Heap that 50,000 parsed rules hold, in 10⁶ bytes; the worse of both files. */
export const parsedMemory: Figure = {
  name: 'engine.memory50k.MB',
  unit: 'MB',
  limit: 100,
  runs: 1,
  measure: async (runs) =>
    Math.max(...[uniformFile(), mixedFile()].map((text) => inProcess('memory', text, runs))),
};

/** Share of hostile texts that are read as what is printed again, or refused as the engine refuses. */
export const hostileText: Figure = {
  name: 'engine.hostile.survived',
  unit: 'share',
  limit: 1,
  atLeast: true,
  runs: 1_000_000,
  async measure(runs) {
    const taken: Taken = { rules: 0, sets: 0, forms: 0 };
    const stack = Error.stackTraceLimit;
    // most texts are refused, and a trace of each refusal would be most of the time
    Error.stackTraceLimit = 0;
    let survived = 0;
    for (let seed = 1; seed <= runs; seed++) {
      try {
        withstand(seed, taken);
        survived++;
      } catch (error) {
        console.error(error);
      }
    }
    Error.stackTraceLimit = stack;
    return taken.rules > runs / 10 ? survived / runs : 0;
  },
};
