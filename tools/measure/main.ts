import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { applyOverhead, applyRatio, idleCpu, inlineMemory, peakMemory, settledMemory } from './agent.ts';
import { listTail, listThroughput } from './bff-list.ts';
import { requestsLost } from './bff-replicas.ts';
import { sagasDoubled, sagasLost } from './bff-sagas.ts';
import { coldStart } from './bff-start.ts';
import { streamDelivery, streamMemory } from './bff-streams.ts';
import { cloudList } from './cloud-list.ts';
import { consoleFigures } from './console.ts';
import { editorFigures } from './editor.ts';
import { evaluateLong, evaluateShort } from './engine-evaluate.ts';
import { exactPlans, planOfOneEdit } from './engine-plan.ts';
import { hostileText, parsedMemory, parsePrint, parsePrintMixed } from './engine-text.ts';
import { type Figure, holds, type Measured } from './figures.ts';
import { fleetMemory, fleetRefresh } from './fleet.ts';
import { killedStack } from './killed-stack.ts';
import {
  bansLost,
  cutOffs,
  decidedAtDeadline,
  failpointsWhole,
  lockHeld,
  powerCutsWhole,
  twoWritersLost,
} from './safety.ts';
import { firstAddress, stackMemory, warmStart } from './stack.ts';

const suites: Record<string, Figure[]> = {
  bench: [
    warmStart,
    firstAddress,
    stackMemory,
    planOfOneEdit,
    parsePrint,
    parsePrintMixed,
    parsedMemory,
    evaluateShort,
    evaluateLong,
    applyOverhead,
    applyRatio,
    settledMemory,
    inlineMemory,
    peakMemory,
    idleCpu,
    cloudList,
    listThroughput,
    listTail,
    coldStart,
    streamDelivery,
    streamMemory,
    fleetRefresh,
    fleetMemory,
    ...consoleFigures,
    ...editorFigures,
  ],
  chaos: [
    killedStack,
    ...cutOffs,
    decidedAtDeadline,
    failpointsWhole,
    powerCutsWhole,
    lockHeld,
    twoWritersLost,
    bansLost,
    requestsLost,
    sagasLost,
    sagasDoubled,
    exactPlans,
    hostileText,
  ],
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, runs: { type: 'string' }, json: { type: 'string' } },
});
const suite = suites[positionals[0] ?? ''];
if (!suite) {
  console.error('measure: bench or chaos, then [--only NAME] [--runs COUNT] [--json FILE]');
  process.exit(2);
}
const chosen = suite.filter(({ name }) => !values.only || name.startsWith(values.only));
if (chosen.length === 0) {
  console.error(
    `no figure begins with ${values.only}; there are ${suite.map(({ name }) => name).join(', ')}`,
  );
  process.exit(2);
}

const asked = values.runs === undefined ? null : Number(values.runs);
if (asked !== null && !(Number.isInteger(asked) && asked > 0)) {
  console.error('measure: --runs takes a number from 1');
  process.exit(2);
}

const figures: Record<string, Measured> = {};
let broken = 0;
for (const figure of chosen) {
  const { name, unit, limit } = figure;
  const runs = asked ?? figure.runs;
  const value = await figure.measure(runs);
  figures[name] = { value, unit, limit, runs };
  const kept = holds(figure, value);
  if (!kept) broken += 1;
  const sign = figure.atLeast ? '≥' : '≤';
  console.log(
    `${kept ? 'ok  ' : 'FAIL'} ${name.padEnd(28)} ${value.toFixed(2).padStart(9)} ${unit.padEnd(8)} ${sign} ${limit}  (${runs} runs)`,
  );
}
if (values.json) writeFileSync(values.json, `${JSON.stringify({ figures }, null, 2)}\n`);
process.exit(broken === 0 ? 0 : 1);
