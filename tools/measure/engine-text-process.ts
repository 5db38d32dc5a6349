// One measurement of engine-text.ts in a process of its own: `ratio FILE RUNS` or `memory FILE`.
import { readFileSync } from 'node:fs';
import { parseSave, printSave, type RuleSet } from '@moru/netfilter';
import { RealIptables } from '@moru/netfilter/testing/real-tool';
import { median } from './figures.ts';

const warmUps = 2;

const [task, file = '', runs = '1'] = process.argv.slice(2);
console.log(task === 'ratio' ? await ratio(file, Number(runs)) : memory(file));

/** Median time of parse and print over median time of the tool's whole `--test` process, measured by turns. */
async function ratio(path: string, count: number): Promise<number> {
  const text = readFileSync(path, 'utf8');
  const counters = text.includes('\n[');
  const tool = await RealIptables.start();
  const ours: number[] = [];
  const theirs: number[] = [];
  try {
    for (let run = 0; run < warmUps + count; run++) {
      const began = performance.now();
      const set = parseSave(text);
      const printed = printSave(set, { counters });
      const read = readAll(set);
      const between = performance.now();
      const answer = tool.restore('legacy', '', ['--test', path]);
      const ended = performance.now();
      if (printed !== text || read === 0 || answer.code !== 0)
        throw new Error(`not the same: ${answer.stderr}`);
      if (run < warmUps) continue;
      ours.push(between - began);
      theirs.push(ended - between);
    }
  } finally {
    await tool.stop();
  }
  return median(ours) / median(theirs);
}

/** One field of each rule. */
function readAll(set: RuleSet): number {
  let targets = 0;
  for (const { chains } of set.tables) {
    for (const { rules } of chains) for (const { target } of rules) targets += target === null ? 0 : 1;
  }
  return targets;
}

/** MB of the heap that the rules hold once all else is collected, what they keep of the text included. */
function memory(path: string): number {
  const before = collectedHeap();
  const set = parseSave(readFileSync(path, 'utf8'));
  const held = collectedHeap() - before;
  if (readAll(set) === 0) throw new Error('no rules');
  return held / 1e6;
}

function collectedHeap(): number {
  for (let i = 0; i < 3; i++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
