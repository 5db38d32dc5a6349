import { type Dialect, parseSave, planChange } from '@moru/netfilter';
import { planRound } from '@moru/netfilter/testing/plan-rounds';
import { RealIptables } from '@moru/netfilter/testing/real-tool';
import { mixedFile, uniformFile } from './engine-files.ts';
import { type Figure, median } from './figures.ts';

/** Milliseconds to plan one edit in 50,000 rules, both sets read beforehand; of the slower kind of rules. */
export const planOfOneEdit: Figure = {
  name: 'engine.plan50k.ms',
  unit: 'ms',
  limit: 50,
  runs: 9,
  async measure(runs) {
    return Math.max(...[uniformFile(), mixedFile()].map((file) => planTime(file, runs)));
  },
};

function planTime(file: string, runs: number): number {
  const lines = file.split('\n');
  lines.splice(30_000, 1, '[0:0] -A INPUT -s 192.0.2.1/32 -j REJECT');
  const wantedFile = lines.join('\n');
  const times: number[] = [];
  for (let run = -2; run < runs; run += 1) {
    // read anew each time, so that nothing is remembered of a rule
    const [current, wanted] = [parseSave(file), parseSave(wantedFile)];
    const start = performance.now();
    const plan = planChange(current, wanted, { dialect: '1.8.9-nft', owns: () => true });
    const took = performance.now() - start;
    if (plan.payload.text.split('\n').length > 8) throw new Error(`not the smallest: ${plan.payload.text}`);
    if (run >= 0) times.push(took);
  }
  return median(times);
}

/** Share of generated changes that the machine's own iptables takes as planned and reverts; half of them on nft. */
export const exactPlans: Figure = {
  name: 'engine.plan.exact',
  unit: 'share',
  limit: 1,
  atLeast: true,
  runs: 1000,
  async measure(runs) {
    const dialects: Dialect[] = ['1.8.9-legacy', '1.8.9-nft'];
    const shares = await Promise.all(dialects.map((dialect) => exactOf(dialect, runs / dialects.length)));
    return shares.reduce((sum, exact) => sum + exact, 0) / runs;
  },
};

/** How many are; those that are not are printed with their seed. */
async function exactOf(dialect: Dialect, runs: number): Promise<number> {
  const tool = await RealIptables.start();
  let exact = 0;
  try {
    for (let seed = 1; seed <= runs; seed += 1) {
      const problems = await planRound(tool, dialect, seed);
      for (const problem of problems) console.error(problem);
      if (problems.length === 0) exact += 1;
    }
  } finally {
    await tool.stop();
  }
  return exact;
}
