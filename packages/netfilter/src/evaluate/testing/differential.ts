import { parseArgs } from 'node:util';
import type { Difference } from './compare.ts';
import { runDifferential } from './run.ts';

// `npm run differential -- --rulesets 5000 [--seed N] [--packets 500] [--backend nft]`: the long comparison of the
// model with the kernel. Needs root. A difference is printed with the seed of its rule set, which repeats it alone.

const { values } = parseArgs({
  options: {
    rulesets: { type: 'string', default: '200' },
    packets: { type: 'string', default: '500' },
    seed: { type: 'string' },
    backend: { type: 'string', default: 'legacy' },
  },
});
const backend = values.backend === 'nft' ? 'nft' : 'legacy';
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const ruleSets = Number(values.rulesets);
const packets = Number(values.packets);
const shownDifferences = 5;
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

say(`${ruleSets} rule sets of ${packets} packets, ${backend}, --seed ${seed}`);
const started = performance.now();
const tally = await runDifferential({
  backend,
  seed,
  ruleSets,
  packets,
  progress(done, { differences }) {
    if (done % 100 === 0) say(`${done} rule sets, ${differences.length} differences`);
  },
});
for (const difference of tally.differences.slice(0, shownDifferences)) show(difference);
for (const refusal of tally.refused.slice(0, shownDifferences)) say(`refused: ${refusal}`);
const seconds = (performance.now() - started) / 1000;
say(
  `${tally.packets} packets in ${seconds.toFixed(0)} s: ${tally.judged} judged, ${tally.unknown} with doubts, ` +
    `${tally.differences.length} differences, ${tally.refused.length} rule sets refused`,
);
process.exitCode = tally.differences.length + tally.refused.length === 0 ? 0 : 1;

function show({ seed: found, what, rules, packet, model, kernel }: Difference): void {
  say(`\n${what}: again with --seed ${found} --rulesets 1 --backend ${backend}`);
  say(rules);
  say(`${packet.path} ${JSON.stringify(packet.told)}`);
  say(`model  ${model}\nkernel ${kernel}`);
}
